"""`import FILE`: rejections from a file, with progress, and a report of what was refused."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from services.intake.applicants.domain.receiving import Receiving
from services.intake.imports.files import Source, open_file
from services.intake.imports.mapping import Mapped, Unmappable, mapped_by
from services.intake.imports.report import Report
from services.intake.imports.run import NotAccepted, RowOutcome, Send, run
from services.intake.imports.text import Illegible
from services.intake.keys import store as keys
from services.intake.keys.domain import Scope
from services.intake.settings import MOST_MONTHS, RETENTION_MONTHS, Settings
from shared.contract.events.sources import NO_SOURCE, is_source
from shared.runtime.clock import WallClock
from shared.runtime.command_line import answered, configured, console, errors, with_database

LOCAL_URL = "http://127.0.0.1:8080"


def import_file(
    file: Annotated[
        Path, typer.Argument(help="A .csv file with headings, a .jsonl file, or a .json array.")
    ],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="FIELD=COLUMN, such as decided_at='Rejected on', or in JSON FIELD=PATH, such as "
            "email=person.emails.0; FIELD= leaves a field out. Repeat it.",
        ),
    ] = None,
    word: Annotated[
        list[str] | None,
        typer.Option(
            help="WORD=MEANING, what a word of the file stands for among reasons, stages or tiers, "
            "such as 'Zu wenig Praxis'=experience_too_short. Repeat it."
        ),
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
            help="Where telephone numbers without a country are dialled.",
        ),
    ] = "DE",
    retention_months: Annotated[
        int,
        typer.Option(
            min=1,
            max=MOST_MONTHS,
            envvar="NOTYET_RETENTION_MONTHS",
            help="For how long people are kept; what was decided before that is refused.",
        ),
    ] = RETENTION_MONTHS,
    encoding: Annotated[
        str,
        typer.Option(
            help="What the file's letters are written in, where that is not UTF-8: "
            "windows-1250, -1251, -1252, -1254 or -1257, ibm850 or macintosh."
        ),
    ] = "",
    report: Annotated[
        Path | None, typer.Option(help="Where refused lines are listed; FILE.refused.csv.")
    ] = None,
    *,
    already_told: Annotated[
        bool,
        typer.Option(
            "--already-told",
            help="Everybody in the file has heard: no letter is sent, and each is asked whether to "
            "stay in touch. Without it everybody new gets our letter, whenever it was decided, "
            "but for rows that say so in the column already_told. Say it each time: the last "
            "counts.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check every line.")] = False,
) -> None:
    """Import rejections; a row that was imported before is not recorded twice."""
    if not is_source(source):
        errors.print(NO_SOURCE)
        raise typer.Exit(2)
    found = Report(report or file.with_name(f"{file.name}.refused.csv"))
    checking = _checking(source, Receiving(country, retention_months)) if dry_run else None
    try:
        opened = open_file(file, encoding)
        wanted, meanings = _pairs("--map", "COLUMN", mapping), _pairs("--word", "MEANING", word)
        mapped = mapped_by(opened, wanted, source, country, meanings)
        if report and report.exists() and report.samefile(file):
            raise Illegible(f"Write the report to another file than {file}")
        console.print(f"{file}: {opened.described}")
        if dry_run and (words := opened.samples):
            console.print(words)
        with found, _sending(source, url, api_key, checking) as send, _progress() as progress:
            _run(opened, mapped, send, found, progress, already_told=already_told)
    except (Illegible, Unmappable, NotAccepted, OSError) as trouble:
        if found.rows:
            found.tell(console, dry_run=dry_run)
        errors.print(str(trouble), soft_wrap=True)
        raise typer.Exit(2) from None
    found.tell(console, dry_run=dry_run)
    raise typer.Exit(1 if found.refused else 0)


def _run(
    opened: Source,
    mapped: Mapped | None,
    send: Send,
    report: Report,
    progress: Progress,
    *,
    already_told: bool,
) -> None:
    """Runs an import before somebody's eyes: how far it is, and whether it waits for intake."""
    task = progress.add_task("import", total=opened.lines)

    def wait(details: RetryDetails) -> None:
        progress.update(task, description=f"waiting for intake, try {details.retry_num}")

    def go_on(line: int) -> None:
        progress.update(task, description="import", completed=line)

    set_on_retry_hooks([wait])
    run(opened, mapped, send, report, go_on, already_told=already_told)
    go_on(opened.lines)


def _pairs(option: str, wanted: str, given: Sequence[str] | None) -> dict[str, str]:
    """Reads an option that is repeated, each a name and what is wanted of it; raises Unmappable."""
    pairs: dict[str, str] = {}
    for name, equals, value in (each.partition("=") for each in given or ()):
        if not equals:
            raise Unmappable(f"Write {option} {name}={wanted}")
        if name.strip() in pairs:
            raise Unmappable(f"Give {option} {name.strip()} once: it stands there twice")
        pairs[name.strip()] = value.strip()
    return pairs


@contextmanager
def _sending(
    source: str, url: str | None, api_key: str | None, checking: Send | None
) -> Iterator[Send]:
    """Yields what sends, or only checks; without a key, one is made that lives as long."""
    if checking:
        yield checking
        return
    from services.intake.imports.client import BatchClient

    if api_key:
        yield BatchClient(url or LOCAL_URL, api_key).send
    else:
        settings = configured(Settings)
        database, now = settings.database("intake"), settings.clock().now
        scopes = [Scope.IMPORTS]
        key = answered(
            with_database(database, lambda conn: keys.create(conn, source, now(), scopes))
        )
        try:
            yield BatchClient(url or settings.public_url, key).send
        finally:
            answered(with_database(database, lambda conn: keys.revoke(conn, key, now())))


def _checking(source: str, receiving: Receiving) -> Send:
    """Returns what finds all that the API would refuse of this file alone, and sends nothing."""
    from services.intake.api import parsing
    from services.intake.imports.one_id import IdsOfFile

    sender, clock = parsing.ApiClient(source, receiving), WallClock()
    others = IdsOfFile(receiving.country).of_another

    def check(batch: Sequence[dict[str, Any]]) -> list[RowOutcome]:
        now = clock.now()
        return [RowOutcome("", *parsing.tried(item, sender, now, others)) for item in batch]

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
