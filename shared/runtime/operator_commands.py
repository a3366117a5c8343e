"""The commands with which operators look at what was set aside, and have it tried again.

`quarantine` holds records that could not be processed, `outbox` events that could not be published,
`parked` rows on which a job fails. Lists show where something stands and why, never what is inside.
`audit` tells who saw and did what, `person` in which tables something of somebody is.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import asyncpg
import typer

from shared.contract.events.cloudevents import RecordPosition, UnknownType, Unreadable
from shared.contract.events.decoding import decode
from shared.runtime import audit, outbox, parking, quarantine, whereabouts
from shared.runtime.command_line import console, errors
from shared.runtime.listings import AsJson, Limit, Row, show, when
from shared.runtime.processing import give_effect, received

if TYPE_CHECKING:
    from shared.runtime.service import Service

Result = TypeVar("Result")
LARGEST_ID = 2**63 - 1
Id = Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="As in the list.")]
Ids = Annotated[list[int] | None, typer.Argument(min=1, max=LARGEST_ID, help="As in the list.")]


class OnDatabase(Protocol):
    """Does a command's work in one transaction of its service, and returns the result.

    `about` tells by that about whom it was.
    """

    def __call__(
        self,
        work: Callable[["Service", Any], Awaitable[Result]],
        about: Callable[[Result], Iterable[str]] = ...,
    ) -> Result: ...


def add_operator_commands(app: typer.Typer, on_database: OnDatabase) -> None:
    """Adds `quarantine`, `outbox`, `parked`, `audit` and `person` to a service's command line."""
    for name, commands in (
        ("quarantine", _quarantine_commands),
        ("outbox", _outbox_commands),
        ("parked", _parked_commands),
        ("audit", _audit_commands),
    ):
        app.add_typer(commands(on_database), name=name)

    @app.command()
    def person(
        id: Annotated[str, typer.Argument(help="Their candidate id.")], as_json: AsJson = False
    ) -> None:
        """Show in which tables of this service something of a person is, and in how many rows."""
        rows = on_database(
            lambda _, conn: whereabouts.rows_about(conn, [id]), lambda rows: [id] if rows else []
        )
        nothing = "This service has nothing of anybody of that id."
        show(rows, table_and_rows, as_json=as_json, limit=0, nothing=nothing)


def _quarantine_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Records that could not be processed.", no_args_is_help=True)

    @app.command("list")
    def list_quarantine(limit: Limit = 100, as_json: AsJson = False) -> None:
        """List what waits, with the reason and what to do, and without what is inside."""
        rows = on_database(lambda service, conn: service.quarantine.waiting(conn, limit))
        nothing = "Nothing is in quarantine."
        show(rows, _quarantined, as_json=as_json, limit=limit, nothing=nothing)

    @app.command("replay")
    def replay(ids: Ids = None) -> None:
        """Process records once more: the given ids, or all that wait. Fails if one is refused."""
        done, left = on_database(lambda service, conn: _replay(service, conn, ids or []))
        console.print(f"{done} processed, {left} still refused")
        if left:
            raise typer.Exit(1)

    @app.command("discard")
    def discard(
        id: Id,
        reason: Annotated[str, typer.Argument(help="Why nobody needs it; kept and logged.")],
    ) -> None:
        """Give one record up: it is not listed or replayed any more, and purged in its time."""
        if not reason.strip():
            raise typer.BadParameter("say why nobody needs the record", param_hint="REASON")
        if not on_database(lambda _, conn: quarantine.discard(conn, id, reason)):
            errors.print(f"No record {id} waits in quarantine.")
            raise typer.Exit(1)
        console.print(f"{id} is discarded")

    return app


def _outbox_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Events that could not be published.", no_args_is_help=True)

    @app.command("list")
    def list_outbox(limit: Limit = 100, as_json: AsJson = False) -> None:
        """List what was refused, or waits for a topic that cannot be written to, and why.

        Help with no_such_topic: topics apply. With not_authorized: topics acls.

        Topics are tried again by themselves, what was refused by retry.
        """
        rows = on_database(lambda _, conn: outbox.list_obstructed(conn, limit))
        nothing = "The broker has refused nothing, and no topic is closed."
        show(rows, _obstructed, as_json=as_json, limit=limit, nothing=nothing)

    @app.command("retry")
    def retry(ids: Ids = None) -> None:
        """Publish events once more, states as they are now: the given ids, or all."""
        count = on_database(lambda service, conn: outbox.retry(conn, ids or [], service.restate))
        console.print(f"{count} will be published again")

    return app


def _parked_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Rows on which a job fails.", no_args_is_help=True)

    @app.command("list")
    def list_parked(limit: Limit = 100, as_json: AsJson = False) -> None:
        """List what is parked, with the reason and until when."""
        rows = on_database(lambda _, conn: parking.list_parked(conn, limit))
        show(rows, _parked, as_json=as_json, limit=limit, nothing="Nothing is parked.")

    @app.command("release")
    def release(job: Annotated[str | None, typer.Argument()] = None) -> None:
        """Let rows be tried again at once: those of one job, or of all."""
        count = on_database(lambda _, conn: parking.release_all(conn, job))
        console.print(f"{count} will be tried again")

    return app


def _audit_commands(on_database: OnDatabase) -> typer.Typer:
    app = typer.Typer(help="Who saw and did what.", no_args_is_help=True)

    @app.command("list")
    def list_audited(
        person: Annotated[str | None, typer.Option(help="Whom it was about, by their id.")] = None,
        since: Annotated[
            datetime | None, typer.Option(help="From when on, in UTC, such as 2026-03-01.")
        ] = None,
        limit: Limit = 100,
        as_json: AsJson = False,
    ) -> None:
        """List the latest that recruiters, operators and API keys saw and did, by ids alone."""
        begin = since and since.replace(tzinfo=UTC)
        rows = on_database(lambda _, conn: audit.listed(conn, person, begin, limit))
        nothing = "Nobody has seen or done anything that is kept."
        show(rows, _audited, as_json=as_json, limit=limit, nothing=nothing)

    return app


def _quarantined(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    place = f"{row['topic']}, partition {row['partition']}, offset {row['offset']}"
    names = ("event_type", "event_source", "event_id")
    event = ", ".join(row[name] for name in names if name in row)
    beneath = (place, event, row["detail"])
    return (row["id"], row["reason"], when(row["set_aside_at"])), filter(None, beneath)


def _obstructed(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    state = when(row["set_aside_at"]) if row["set_aside_at"] else "waits"
    event = f"{row['type']}, {row['bytes']} bytes, of {when(row['written_at'])}"
    return (row["id"], row["reason"], state, row["topic"]), (event,)


def _parked(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    attempts = f"attempts: {row['attempts']}, {when(row['first_parked_at'])}"
    if row["attempts"] > 1:
        attempts += f" to {when(row['parked_at'])}"
    until = row["parked_until"]
    rests = "until it is released" if until is None else f"until {when(until)}"
    return (row["key"], row["reason"]), (row["job"], attempts, rests)


def table_and_rows(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    """Says how many rows of a person are in a table."""
    return (row["table"], row["rows"]), ()


def _audited(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    about = f"about {', '.join(row['about'])}" if row["about"] else ""
    beneath = (about, f"of {row['subject']}" if row["subject"] else "")
    return (when(row["at"]), row["kind"], row["actor"], row["act"]), filter(None, beneath)


async def _replay(service: "Service", conn: asyncpg.Connection, ids: list[int]) -> tuple[int, int]:
    rows = await quarantine.take(conn, ids)
    refused = dict.fromkeys(sorted({*ids} - {row["id"] for row in rows}), "it does not wait here")
    refused |= {row["id"]: why for row in rows if (why := await _once_more(service, conn, row))}
    for id, why in refused.items():
        errors.print(f"{id}: {why}", soft_wrap=True)
    await quarantine.mark_replayed(conn, [row["id"] for row in rows if row["id"] not in refused])
    return sum(row["id"] not in refused for row in rows), len(refused)


async def _once_more(service: "Service", conn: asyncpg.Connection, row: Row) -> str | None:
    """Processes a record in a savepoint; returns why it is refused, if it is."""
    consumers = {consumer.topic.name: consumer for consumer in service.consumers}
    copy = service.quarantine.open(row["record"])
    if row["topic"] not in consumers:
        return "this service does not read its topic"
    if copy is None:
        return "it was sealed with another key: add that to NOTYET_QUARANTINE_KEYS_FORMER"
    consumer, now = consumers[row["topic"]], service.clock.now()
    topic = consumer.topic
    try:
        event = received(decode(copy, topic), topic, now, consumer.receive)
        async with conn.transaction():
            place = RecordPosition(row["partition"], row["offset"])
            event = replace(event, replayed_from=place)
            marker = service.quarantine.marker
            _, refused = await give_effect(conn, topic, consumer.handler, marker, [event], now)
            for _, fault in refused:
                raise fault
    except Unreadable as fault:
        return fault.detail
    except UnknownType:
        return f"{topic.name} knows no such type in this version: upgrade, or discard it"
    except Exception as fault:  # noqa: BLE001 - one refused record must not stop the others
        return type(fault).__name__
    return None
