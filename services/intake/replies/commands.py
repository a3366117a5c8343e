"""`replies`: what people wrote that a human has to read."""

from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from services.intake.applicants import publishing
from services.intake.applicants.store import people
from services.intake.consent import store as consent
from services.intake.outgoing import telling
from services.intake.replies import store as replies
from services.intake.settings import Settings
from services.intake.sms import inbound
from shared.contract.events.people import Channel
from shared.runtime.command_line import answered, configured, console, errors, with_database

SHOWN = 50


def replies_commands() -> typer.Typer:
    """Returns the commands that show what people wrote, and end their wait."""
    commands = typer.Typer(
        help="What people wrote, by text message or on their page, that a human has to read.",
        no_args_is_help=True,
    )

    @commands.command("list")
    def list_replies() -> None:
        """Show who wrote what; no text message leaves to whoever wrote one and was not read."""
        database = configured(Settings).database("intake")
        rows = answered(with_database(database, lambda conn: replies.unread(conn, SHOWN)))
        if not rows:
            console.print("Nobody waits for an answer.")
        for row in rows:
            console.print(f"{row['candidate_id']}  since {row['since']:%Y-%m-%d %H:%M %Z}")
            for text in row["texts"] or ["(several people share the number: see your provider)"]:
                console.print(f"    {text}")

    @commands.command()
    def looked(
        candidate: Annotated[str, typer.Argument(help="The id, as list shows it.")],
        stop: Annotated[bool, typer.Option("--stop", help="They asked for silence.")] = False,
    ) -> None:
        """Say that a human has read what somebody wrote: text messages may leave again.

        With --stop, nothing leaves any more in the way in which they wrote: no text message, or,
        to who wrote on their page, nothing at all.
        """
        settings = configured(Settings)
        now, database = settings.clock().now(), settings.database("intake")
        found = answered(
            with_database(database, lambda conn: look(conn, candidate, now, stop=stop))
        )
        if not found:
            errors.print(f"{candidate} does not wait for anybody; see: replies list")
            raise typer.Exit(1)
        console.print("They are written to no more." if stop else "They may be written to again.")

    return commands


async def look(conn: asyncpg.Connection, candidate_id: str, now: datetime, *, stop: bool) -> bool:
    """Ends somebody's wait for a human, who may have read a stop; tells whether they waited."""
    await people.lock(conn, [candidate_id])
    ways = await replies.looked(conn, candidate_id)
    if not ways:
        return False
    if stop:
        await inbound.stop(conn, [candidate_id], inbound.OPERATOR, now)
    if stop and "page" in ways:
        stopped = await consent.stop(conn, [candidate_id], list(Channel), inbound.OPERATOR, now)
        await telling.tell_stopped(conn, stopped, [Channel.EMAIL], now)
    await publishing.publish_candidates(conn, [candidate_id], now)
    return True
