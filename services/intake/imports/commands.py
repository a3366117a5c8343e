"""`import FILE`: rejections from a file, with progress, and a report of what was refused."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from services.intake.api import parsing
from services.intake.api.store import keys
from services.intake.app import build
from services.intake.imports.client import BatchClient, NotAccepted
from services.intake.imports.files import Illegible, Source, open_file
from services.intake.imports.mapping import Mapped, Unmappable
from services.intake.imports.run import Report, Send, run
from services.intake.settings import Settings
from shared.contract.events.cloudevents import Fault
from shared.runtime.clock import WallClock
from shared.runtime.command_line import answered, configured, console, errors, with_database

SHOWN = 20
LOCAL_URL = "http://127.0.0.1:8080"


def import_file(
    file: Annotated[Path, typer.Argument(help="A .csv file with a header line, or a .jsonl file.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="FIELD=COLUMN, such as decided_at='Rejected on'; repeat it."),
    ] = None,
    source: Annotated[str, typer.Option(help="The name of the system it came from.")] = "import",
    url: Annotated[
        str | None, typer.Option(envvar="NOTYET_PUBLIC_URL", help="Where intake answers.")
    ] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="NOTYET_API_KEY", help="Made for this import alone if left out."),
    ] = None,
    country: Annotated[
        str,
        typer.Option(
            envvar="NOTYET_EMPLOYER_COUNTRY",
            help="Where a dry run takes telephone numbers without a country to be dialled.",
        ),
    ] = "DE",
    report: Annotated[
        Path | None, typer.Option(help="Where refused lines are listed; FILE.refused.csv.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check every line.")] = False,
) -> None:
    """Import rejections; a line that was imported before is not recorded twice."""
    try:
        opened = open_file(file)
        wanted = _wanted(mapping or [])
        by_columns = opened.columns is not None or wanted
        mapped = Mapped(opened.columns, wanted, source) if by_columns else None
        console.print(f"{file}: {opened.described}", highlight=False)
        checking = _checking(source, country) if dry_run else None
        with _sending(source, url, api_key, checking) as send, _progress() as progress:
            found = _run(opened, mapped, source, send, progress)
    except (Illegible, Unmappable, NotAccepted) as trouble:
        errors.print(str(trouble), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    _tell(found, report or file.with_name(f"{file.name}.refused.csv"), dry_run=dry_run)
    raise typer.Exit(1 if found.refused else 0)


def _run(
    opened: Source, mapped: Mapped | None, source: str, send: Send, progress: Progress
) -> Report:
    """Runs an import before somebody's eyes: how far it is, and whether it waits for intake."""
    task = progress.add_task("import", total=opened.lines)

    def wait(details: RetryDetails) -> None:
        progress.update(task, description=f"waiting for intake, try {details.retry_num}")

    def go_on(line: int) -> None:
        progress.update(task, description="import", completed=line)

    set_on_retry_hooks([wait])
    found = run(opened, mapped, source, send, go_on)
    go_on(opened.lines)
    return found


def _wanted(mapping: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in mapping]
    if unclear := next((field for field, equals, column in pairs if not (equals and column)), None):
        raise Unmappable(f"Write --map {unclear}=COLUMN")
    return {field.strip(): column.strip() for field, _, column in pairs}


@contextmanager
def _sending(
    source: str, url: str | None, api_key: str | None, checking: Send | None
) -> Iterator[Send]:
    """Yields what sends, or only checks; without a key, one is made that lives as long."""
    if checking:
        yield checking
    elif api_key:
        yield BatchClient(url or LOCAL_URL, api_key).send
    else:
        settings = configured(Settings)
        service = build(settings)
        now = service.clock.now
        key = answered(with_database(service, lambda conn: keys.create(conn, source, now())))
        try:
            yield BatchClient(url or settings.public_url, key).send
        finally:
            answered(with_database(service, lambda conn: keys.revoke(conn, key, now())))


def _checking(source: str, country: str) -> Send:
    """Returns what finds all that the API would refuse, and sends nothing."""
    sender, clock = parsing.ApiClient(source, country), WallClock()

    def check(batch: Sequence[dict[str, Any]]) -> list[list[Fault]]:
        return [parsing.faults_in(item, sender, clock.now()) for item in batch]

    return check


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("lines"),
        TimeRemainingColumn(),
        console=console,
    )


def _tell(found: Report, path: Path, *, dry_run: bool) -> None:
    verb = "could be recorded" if dry_run else "recorded"
    console.print(f"{found.recorded:,} {verb}, {found.refused_lines:,} refused")
    if not found.refused:
        return
    refused = sorted(found.refused, key=lambda each: each.line)
    table = Table("line", "field", "what to do")
    for each in refused[:SHOWN]:
        table.add_row(str(each.line), each.field, each.problem)
    console.print(table)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "field", "what to do"))
        writer.writerows((each.line, each.field, each.problem) for each in refused)
    more = len(refused) - SHOWN
    rest = f", {more:,} more of them," if more > 0 else ""
    console.print(f"All of it{rest} is in {path}", highlight=False)
