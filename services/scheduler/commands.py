"""What operators can ask the scheduler."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated
from zoneinfo import ZoneInfo

import asyncpg
import typer
from dateutil.relativedelta import relativedelta

from services.scheduler.settings import Settings
from services.scheduler.store import views
from shared.contract.events.purposes import DECISION_RESTS, UNANSWERED_AFTER
from shared.runtime.command_line import (
    answered,
    configured,
    console,
    errors,
    started,
    with_database,
)

_NAMED = {"qualified": "qualified: no message, open roles are looked through for them"}
"""What does not say by itself what it is."""

AHEAD = relativedelta(years=2)
PAGE = 500


def add_commands(app: typer.Typer) -> None:
    """Adds the scheduler's own commands to those that every service has."""
    plan = typer.Typer(help="Who is due to hear what, and when.", no_args_is_help=True)
    app.add_typer(plan, name="plan")
    plan.command("next")(show_next)
    plan.command("show")(show)
    plan.command("refresh")(refresh)


def show_next(
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 20,
) -> None:
    """Show what is due next, of all people."""

    async def look(conn: asyncpg.Connection) -> tuple[list[asyncpg.Record], str]:
        return await views.coming(conn, limit), _unplanned(*await views.unanswered(conn))

    rows, unplanned = answered(with_database(configured(Settings).database("scheduler"), look))
    if not rows:
        console.print("Nothing is planned. What was due has left, or waits: messages waiting")
    for row in rows:
        due = _local(row["due_at"], "UTC")
        console.print(f"{due} UTC  {_subject(row)}")
        console.print(f"    plan show {row['candidate_id']}", soft_wrap=True)
    if unplanned:
        console.print(unplanned)


def show(candidate_id: Annotated[str, typer.Argument(metavar="CANDIDATE_ID")]) -> None:
    """Show what somebody was and will be written to about, two years ahead."""
    from shared.contract.business_hours import hours_of

    settings = configured(Settings)

    async def look(conn: asyncpg.Connection) -> list[str] | None:
        state = await views.state_of(conn, candidate_id)
        if state is None:
            return None
        zone = hours_of(state.time_zone, state.country, settings.policy.employer.hours).zones[0]
        rows = await views.timeline(conn, candidate_id, settings.clock().now() + AHEAD)
        return [f"Times are those of {zone}.", *chain.from_iterable(_lines(rows, zone))]

    def about(lines: list[str] | None) -> list[str]:
        return [candidate_id] if lines else []

    lines = answered(with_database(settings.database("scheduler"), look, about))
    if lines is None:
        errors.print("Nobody is known by that id: plan next prints those that are.")
        raise typer.Exit(1)
    for line in lines:
        console.print(line)


def refresh() -> None:
    """Plan anew for everybody, as after an update of time zones, holidays or the policy."""
    count = answered(_refresh(configured(Settings)))
    console.print(f"{count} people were planned for anew")


async def _refresh(settings: Settings) -> int:
    from prometheus_client import CollectorRegistry

    from services.scheduler.metrics import PlanMetrics
    from services.scheduler.planner import Planner

    planner, clock = Planner(settings.policy, PlanMetrics(CollectorRegistry())), settings.clock()
    count, page = 0, [""]
    async with started(settings.database("scheduler")) as database:
        while page:
            async with database.transaction() as conn:
                page = await views.page_of_ids(conn, page[-1], PAGE)
                planned = await planner.replan_each(conn, page, clock.now())
            count += len(planned)
    return count


def _unplanned(number: int, since: datetime | None) -> str:
    """Returns what becomes due only if recruiters say nothing, and is planned only then."""
    if since is None:
        return ""
    due = _local(since + UNANSWERED_AFTER + DECISION_RESTS, "UTC")
    return (
        f"Not planned yet: {'1 yes waits' if number == 1 else f'{number} yeses wait'} for the word"
        f" of a recruiter. Where none comes, the person is told so, the first from {due} UTC on"
    )


def _lines(rows: list[asyncpg.Record], zone: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        until = _local(row["expires_at"], zone)
        state = f"{row['state']}, until {until}" if until else row["state"]
        yield f"{_local(row['due_at'], zone)}  {_subject(row)}", f"    {state}"


def _subject(row: asyncpg.Record) -> str:
    """Returns what it is, what it is about, and over which channels it may go."""
    event = json.loads(row["event"]) if row["event"] else {}
    title = event.get("facts", event).get("vacancyTitle")
    said = _NAMED.get(row["kind"], row["kind"].replace("_", " ")), title, *event.get("channels", [])
    return ", ".join(part for part in said if part)


def _local(moment: datetime | None, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}" if moment else ""
