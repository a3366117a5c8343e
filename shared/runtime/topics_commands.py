"""The commands about the broker's topics, the same from every service's image."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Annotated, Any, Literal

import typer
from aiokafka.errors import KafkaError

from shared.runtime import acls_admin, topics_admin
from shared.runtime.acls import PRINCIPALS, ROLES, Role, as_json, command_lines, declared
from shared.runtime.command_line import configured, errors
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.terminal import tell
from shared.runtime.topics_admin import Refused

BootstrapServers = Annotated[
    str | None,
    typer.Option(help="HOST:PORT, where NOTYET_KAFKA_BOOTSTRAP_SERVERS does not name them."),
]

topics = typer.Typer(help="The broker's topics.", no_args_is_help=True)


@topics.command("apply")
def apply_topics(
    bootstrap_servers: BootstrapServers = None,
    replication_factor: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Create, widen and configure all topics as they are declared."""
    kafka = _kafka(bootstrap_servers)
    _tell(
        _done(kafka, topics_admin.apply(kafka, replication_factor=replication_factor)),
        "All topics are as declared.",
    )


@topics.command("acls")
def acls(
    bootstrap_servers: BootstrapServers = None,
    principal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=TYPE:NAME",
            help=f"Whom the broker knows as one of {', '.join(ROLES)}, if not User:notyet-ROLE.",
        ),
    ] = None,
    form: Annotated[Literal["commands", "json"], typer.Option("--format")] = "commands",
    apply: Annotated[
        bool,
        typer.Option("--apply", help="Add them at the broker, as one who may."),
    ] = False,
) -> None:
    """Print, or add, the rights that each service and whoever feeds it needs at the broker."""
    rights = declared(_principals(principal or []))
    if apply:
        kafka = _kafka(bootstrap_servers)
        _tell(_done(kafka, acls_admin.apply(kafka, rights)), "All rights are as declared.")
    elif form == "json":
        tell(*as_json(rights).splitlines())
    else:
        tell(*command_lines(rights, bootstrap_servers or "HOST:PORT"))


def _principals(named: Sequence[str]) -> dict[Role, str]:
    principals = dict(PRINCIPALS)
    for text in named:
        role, _, principal = text.partition("=")
        if role not in ROLES or ":" not in principal:
            raise typer.BadParameter(
                f"{text!r} is not ROLE=TYPE:NAME with a role of {', '.join(ROLES)}"
            )
        principals[role] = principal
    return principals


def _kafka(bootstrap_servers: str | None) -> KafkaSettings:
    given = {"kafka_bootstrap_servers": bootstrap_servers} if bootstrap_servers else {}
    return configured(KafkaSettings, **given)


def _done(kafka: KafkaSettings, work: Coroutine[Any, Any, list[str]]) -> list[str]:
    try:
        return asyncio.run(work)
    except Refused as reason:
        errors.print(str(reason), soft_wrap=True)
    except KafkaError:
        errors.print(
            f"No broker at {kafka.kafka_bootstrap_servers} lets us in. Are the address and the"
            " login right?",
            soft_wrap=True,
        )
    raise typer.Exit(1)


def _tell(changes: Sequence[str], unchanged: str) -> None:
    tell(*(changes or [unchanged]))
