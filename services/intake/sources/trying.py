"""`sources try`: tries the door from outside, with a source and a key made for that alone."""

from typing import Annotated

import asyncpg
import typer

from services.intake.keys import store as keys
from services.intake.keys.domain import Scope
from services.intake.settings import Settings
from services.intake.sources import store
from services.intake.sources.domain import NO_NAME, Speaks, is_name
from services.intake.webhooks.systems import SYSTEMS
from shared.runtime.command_line import (
    answered,
    configured,
    console,
    errors,
    fail,
    with_database,
)

SYSTEM = "generic"


def try_door(
    url: Annotated[
        str | None, typer.Option(help="Where intake answers, if not at its public address.")
    ] = None,
    name: Annotated[str, typer.Option(help="A source that is for this alone.")] = "trial",
) -> None:
    """Post a rejection to a source that writes to nobody, and see what would be made of it."""
    from services.intake.sources.trial import NotThrough, made_of_a_rejection

    if not is_name(name):
        fail(NO_NAME)
    settings = configured(Settings)
    database, now = settings.database("intake"), settings.clock().now
    secret, key = answered(with_database(database, lambda conn: _prepared(conn, settings, name)))
    try:
        made = made_of_a_rejection(url or settings.public_url, name, secret, key, now())
    except NotThrough as problem:
        errors.print(f"A rejection does not come through: {problem}", soft_wrap=True)
        raise typer.Exit(1) from None
    finally:
        answered(with_database(database, lambda conn: keys.revoke(conn, key, now())))
    console.print(f"A rejection comes through: {made}. It was looked at, and not recorded")


async def _prepared(conn: asyncpg.Connection, settings: Settings, name: str) -> tuple[str, str]:
    """Returns what to sign with, and the key to read back with; the source is made if it is new."""
    seal, now, newer = settings.seal(), settings.clock().now(), SYSTEMS[SYSTEM].new_secret()
    if await store.add(conn, name, SYSTEM, newer, seal, now):
        await store.speak(conn, name, Speaks.US)
    registered = (await store.every(conn))[name]
    if registered.source.is_live or registered.source.system != SYSTEM:
        fail(f"What {name} says counts, or is of another system: try under another --name")
    if not (known := registered.secrets(seal)):
        await store.rotate(conn, name, newer, seal)
    return (known or [newer])[0], await keys.create(conn, name, now, [Scope.DELIVERIES])
