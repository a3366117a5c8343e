"""The matcher's own commands: try a vacancy on the people who are known, and read the ledger."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import asyncpg
import typer

from services.matcher.domain.shortlist import shortlisted
from services.matcher.domain.vacancies import Opening
from services.matcher.notation import compact, one_line
from services.matcher.settings import Settings
from services.matcher.store import search_ledger
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.matches import ShortlistedCandidate
from shared.contract.events.vacancies import Vacancy
from shared.runtime.command_line import (
    answered,
    configured,
    console,
    errors,
    started,
    with_database,
)

if TYPE_CHECKING:
    from services.matcher.search import SearchOutcome


def add_commands(app: typer.Typer) -> None:
    """Adds the matcher's commands to those that every service has."""
    books = typer.Typer(help="The search ledger.", no_args_is_help=True)
    app.add_typer(books, name="ledger")

    @app.command()
    def match(
        vacancy: Annotated[Path, typer.Argument(help="A vacancy as JSON, as on its stream.")],
        reopened: Annotated[bool, typer.Option(help="Put the finishing order first.")] = False,
    ) -> None:
        """Show whom of everybody a vacancy would find, and why; nothing is kept or sent."""
        wanted = _read(vacancy)
        found = answered(_try(configured(Settings), wanted, reopened=reopened))
        _show_found(wanted, found)

    @books.command("show")
    def show(vacancy_id: str) -> None:
        """Show every search for a vacancy, whom it showed, and what came of it."""
        database = configured(Settings).database("matcher")
        answered(with_database(database, lambda conn: _show_ledger(conn, vacancy_id)))


def _read(path: Path) -> Vacancy:
    try:
        return read_body(path.read_bytes(), Vacancy)
    except OSError as error:
        errors.print(f"{path} cannot be read: {error.strerror}")
    except Unreadable as fault:
        errors.print(f"{path} is not a vacancy. {fault.detail}")
    raise typer.Exit(2)


async def _try(settings: Settings, vacancy: Vacancy, *, reopened: bool) -> "SearchOutcome":
    from services.matcher.app import build_search

    async with started(settings.database("matcher")) as database:
        searcher = build_search(database, settings).searcher
        now = settings.clock().now()
        opening = Opening(vacancy, 0, opened_at=now, reopened=reopened, searches_pool=True)
        return await searcher.search(opening, now)


def _show_found(vacancy: Vacancy, found: "SearchOutcome") -> None:
    for remark in found.remarks:
        console.print(one_line(remark.code, remark.name))
    if not found.shortlist:
        console.print(f"Nobody fits “{vacancy.title}”.")
    else:
        _print_people([shortlisted(at.candidacy, at.rank) for at in found.shortlist])
    console.print(f"{found.known} people are known, {found.ranked} of them could be listed:")
    for at in sorted(found.considered, key=lambda at: at.outcome):
        console.print(f"  {at.people:>7}  {at.outcome.replace('_', ' ')}")


def _print_people(shown: Sequence[ShortlistedCandidate]) -> None:
    for at in shown:
        stands = f"{at.score:.2f}, {at.tier}, {at.readiness}".replace("_", " ")
        console.print(f"{at.rank:>3}  {at.candidate_id}  {stands}", soft_wrap=True)
        for sign, reasons in (("+", at.reasons_for), ("-", at.reasons_against)):
            for reason in reasons:
                console.print(f"     {sign} {compact(reason)}", soft_wrap=True)


async def _show_ledger(conn: asyncpg.Connection, vacancy_id: str) -> None:
    searches = await search_ledger.searches(conn, vacancy_id)
    if not searches:
        console.print("No search was made for this vacancy.")
    ids = [search["id"] for search in searches]
    considered = await search_ledger.considered(conn, ids)
    shown = await search_ledger.shown(conn, ids)
    for search in searches:
        _show_search(
            search,
            [row for row in considered if row["search_id"] == search["id"]],
            shown[search["id"]],
        )
    for row in await search_ledger.afterwards(conn, vacancy_id):
        what = row["what"].replace("_", " ")
        console.print(f"{row['at']:%Y-%m-%d %H:%M}  {what}  {row['candidate_id']}")


def _show_search(
    search: asyncpg.Record,
    considered: Sequence[asyncpg.Record],
    shown: Sequence[ShortlistedCandidate],
) -> None:
    console.print(
        f"{search['searched_at']:%Y-%m-%d %H:%M}  search {search['id']} by {search['ranker']}",
        style="bold",
        soft_wrap=True,
    )
    console.print(f"version {search['vacancy_version']}, asked for: {search['criteria']}")
    for remark in json.loads(search["remarks"]):
        console.print(one_line(remark["code"], remark["name"]))
    _print_people(shown)
    if not shown:
        console.print("Nobody was shown.")
    console.print(
        ", ".join(f"{row['people']} {row['outcome'].replace('_', ' ')}" for row in considered)
    )
