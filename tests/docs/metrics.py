"""Which metrics there are: whoever names another one waits for it in vain."""

from collections.abc import Iterable
from functools import cache

from tests.docs.pages import ROOT


def unmeasured(names: Iterable[str]) -> list[str]:
    """Returns those of the names that no code measures."""
    return sorted(name for name in names if f'"{name.removesuffix("_total")}"' not in _code())


@cache
def _code() -> str:
    files = [*ROOT.glob("services/*/metrics.py"), ROOT / "shared/runtime/telemetry.py"]
    return "".join(file.read_text() for file in files)
