"""`webhooks`: where systems hear what became of their applicants."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import asyncpg
import typer

from services.intake.outgoing import store
from services.intake.outgoing.domain import NO_URL, State, is_endpoint
from services.intake.settings import Settings
from services.intake.webhooks.systems import SYSTEMS
from shared.runtime.command_line import answered, configured, console, fail, with_database
from shared.runtime.listings import AsJson, Limit, Row, show, when
from shared.runtime.terminal import tell

Endpoint = Annotated[str, typer.Argument(help="Of the endpoint, as webhooks list shows it.")]
Result = TypeVar("Result")

_KEEP = "It is shown only once; check each call with it, as https://www.standardwebhooks.com says."


def webhooks_commands() -> typer.Typer:
    """Returns the commands that say who is called with what became of whom."""
    commands = typer.Typer(
        help="Calls to other systems: what became of their applicants.", no_args_is_help=True
    )
    commands.command()(add)
    commands.command("list")(list_endpoints)
    commands.command()(rotate)
    commands.command()(enable)
    commands.command()(disable)
    commands.command()(remove)
    commands.command()(replay)
    return commands


def add(
    url: Annotated[str, typer.Argument(help="Where it is called, by https.")],
    source: Annotated[
        str, typer.Option(help="The system whose applicants it hears of, and of no other's.")
    ],
) -> None:
    """Add an endpoint of a source, and print the secret by which its calls are signed."""
    if not is_endpoint(url):
        fail(NO_URL)
    settings, secret = configured(Settings), _new_secret()

    async def work(conn: asyncpg.Connection) -> str:
        if not await store.is_known(conn, source):
            fail(f"Nothing comes from a source {source}; see: sources list, keys list")
        now = settings.clock().now()
        return await store.add(conn, source, url, secret, settings.seal(), now)

    endpoint_id = answered(with_database(settings.database("intake"), work))
    tell(
        f"{endpoint_id} is told what becomes of the applicants of {source} from now on.",
        f"    Secret  {secret}",
        _KEEP,
    )


def list_endpoints(limit: Limit = 100, as_json: AsJson = False) -> None:
    """List endpoints: what waits for each, what was told and given up, and what is wrong."""
    rows = _on_database(lambda conn: store.every(conn, limit))
    nothing = "Nobody is told anything yet; see: webhooks add --help, sources notes --help"
    show(rows, _listed, as_json=as_json, limit=limit, nothing=nothing)


def rotate(
    endpoint: Endpoint,
    end_former: Annotated[
        bool, typer.Option("--end-former", help="Make none: sign with the newest alone.")
    ] = False,
) -> None:
    """Make a new secret and print it; calls are signed with both until the former is ended."""
    settings, secret = configured(Settings), _new_secret()

    async def work(conn: asyncpg.Connection) -> None:
        row = await _of(conn, endpoint)
        if row["url"] is None:
            fail("Notes are written with the source's token: sources token")
        if end_former:
            await store.end_former(conn, endpoint)
        else:
            await store.rotate(conn, endpoint, secret, settings.seal())

    answered(with_database(settings.database("intake"), work))
    if end_former:
        console.print(f"Calls of {endpoint} are signed with the newest secret alone")
        return
    tell(
        f"    Secret  {secret}",
        _KEEP,
        f"Once it is believed there: notyet webhooks rotate {endpoint} --end-former",
    )


def enable(endpoint: Endpoint) -> None:
    """Call an endpoint again that was disabled; it is told all that has waited since."""

    async def work(conn: asyncpg.Connection) -> int:
        await _of(conn, endpoint)
        return await store.enable(conn, endpoint)

    console.print(f"{endpoint} is called again; {_on_database(work)} wait for it")


def disable(endpoint: Endpoint) -> None:
    """Call an endpoint no more; what it would be told waits, for thirty days."""

    async def work(conn: asyncpg.Connection) -> None:
        await _of(conn, endpoint)
        await store.disable(conn, endpoint)

    _on_database(work)
    console.print(f"{endpoint} is called no more; see: webhooks enable")


def remove(endpoint: Endpoint) -> None:
    """Forget an endpoint for good, with what waits for it and what it was told."""

    async def work(conn: asyncpg.Connection) -> int:
        row = await _of(conn, endpoint)
        if row["url"] is None:
            fail(f"Notes are ended by: notyet sources notes {row['source']} --off")
        return await store.remove(conn, endpoint)

    waited = _on_database(work)
    console.print(f"{endpoint} is called no more, and forgotten; {waited} waited for it")


def replay(
    endpoint: Endpoint,
    everything: Annotated[
        bool, typer.Option("--all", help="What it took too: it hears that under the same ids.")
    ] = False,
    since: Annotated[
        datetime | None, typer.Option(help="Only what happened since then, in UTC.")
    ] = None,
) -> None:
    """Tell an endpoint again what was given up, or all of the last thirty days."""
    states = [State.GIVEN_UP, State.DELIVERED] if everything else [State.GIVEN_UP]
    then = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since

    async def work(conn: asyncpg.Connection) -> int:
        row = await _of(conn, endpoint)
        if everything and row["url"] is None:
            fail("A note would be there twice: only what was given up is written again")
        return await store.replay(conn, endpoint, states, then)

    console.print(f"{_on_database(work)} will be told again; see: webhooks list")


def _new_secret() -> str:
    return SYSTEMS["generic"].new_secret()


async def _of(conn: asyncpg.Connection, endpoint: str) -> asyncpg.Record:
    row = await store.one(conn, endpoint)
    if row is None:
        fail(f"There is no endpoint {endpoint}; see: webhooks list")
    return row


def _on_database(work: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
    return answered(with_database(configured(Settings).database("intake"), work))


def _listed(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    counts = (f"{row[it]} {it.replace('_', ' ')}" for it in ("waiting", "delivered", "given_up"))
    first = (row["endpoint_id"], row["source"], row["url"] or "notes in it", *counts)
    return first, list(_troubles(row))


def _troubles(row: Row) -> Iterable[str]:
    endpoint = row["endpoint_id"]
    if row["disabled_at"]:
        yield f"called no more since {when(row['disabled_at'])}: {row['disabled_because']}"
        yield f"    once that is mended: notyet webhooks enable {endpoint}"
    elif row["failing_since"]:
        yield f"takes nothing since {when(row['failing_since'])}: {row['problem']}"
    if row["oldest"]:
        yield f"what waits longest happened {when(row['oldest'])}"
    if row["given_up"]:
        yield f"the last that was given up: {row['last_problem']}"
        yield f"    once that is mended: notyet webhooks replay {endpoint}"
    if row["secrets"] > 1:
        yield "signed with two secrets: see webhooks rotate --help"
