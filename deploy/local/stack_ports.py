"""Where each part of a stack listens."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from deploy.local.child import CannotStart
from deploy.local.ports import free_ports, is_free
from deploy.local.program import program


@dataclass(frozen=True)
class Ports:
    """The ports others talk to; zero stands for any that is free."""

    intake: int = 0
    sink: int = 0
    smtp: int = 0
    postgres: int = 0
    kafka: int = 0

    def taken(self) -> list[int]:
        return [getattr(self, field.name) for field in fields(self)]


ANY = Ports()
WELL_KNOWN = Ports(intake=8080, sink=8025, smtp=1025, postgres=5433, kafka=9092)
"""Those of `notyet up`, which links in messages and people's habits rely on."""


def resolved(wanted: Ports, options: Mapping[str, str] = {}) -> Ports:
    """Fills in free ports for the zeros; raises CannotStart when one that is wanted is taken."""
    names = [field.name for field in fields(wanted)]
    free = dict(zip(names, free_ports(len(names)), strict=True))
    chosen = {name: getattr(wanted, name) or free[name] for name in names}
    for name in names:
        if getattr(wanted, name) and not is_free(chosen[name]):
            option = options.get(name, f"--{name}-port")
            raise CannotStart(
                f"Port {chosen[name]} is taken, perhaps by a Not Yet that already runs; else choose"
                f" another one: {program()} up {option} PORT"
            )
    return Ports(**chosen)
