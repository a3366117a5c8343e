"""`consent`: shows what somebody agreed to, and that nobody changed it since."""

from collections.abc import Iterable, Sequence

import asyncpg
import typer

from services.intake.consent import record
from services.intake.consent.chain import Entry
from services.intake.privacy import store as privacy
from services.intake.privacy.whom import Applicant, Candidate, Email, Source, read_whom, the_one
from services.intake.settings import Settings
from shared.runtime.command_line import answered, configured, console, errors, with_database
from shared.runtime.listings import AsJson, Row, show, when

HOW = {
    "page": "pressed on their own page, behind a link in a letter",
    "one_click": "by their mail program's unsubscribe button (RFC 8058)",
    "sms": "by a text message of theirs",
    "mail": "by a mail of theirs",
    "mailbox": "by somebody at the same mailbox, who may be them",
    "provider": "as their provider reported it",
    "source": "as the hiring system said, and not they themselves",
    "operator": "as an operator read it in what they wrote",
    "recruiter": "as a recruiter read it in what they wrote",
    "retention": "when they left the record, for nobody had heard of them",
    "erased": "when they were erased",
    "erased_by_source": "when the hiring system erased them",
}


def consent_commands() -> typer.Typer:
    """Returns the commands that show the record of what people agreed to."""
    commands = typer.Typer(help="What people agreed to, and the proof of it.", no_args_is_help=True)

    @commands.command()
    def proof(
        email: Email = None,
        source: Source = None,
        applicant: Applicant = None,
        candidate: Candidate = None,
        as_json: AsJson = False,
    ) -> None:
        """Print all that one person agreed to and ended, as it was said; also once they left."""
        settings = configured(Settings)
        whom = read_whom(settings, email, source, applicant, candidate)

        async def read(conn: asyncpg.Connection) -> tuple[list[str], list[Entry], list[str]]:
            ids = await whom.present(conn)
            left_as = [] if ids else await privacy.left_as(conn, whom.hashes)
            entries = await record.entries_of(conn, ids or whom.ids, left_as)
            known = ids or [entry.candidate_id for entry in entries[:1]]
            return known, entries, await record.breaks_of(conn, entries)

        database = settings.database("intake")
        ids, entries, breaks = answered(with_database(database, read, lambda found: found[0]))
        the_one(ids, "Nobody is known by that, and nobody who has left agreed to anything")
        rows = [_row(entry) for entry in entries]
        nothing = "They have agreed to nothing, and stopped nothing."
        show(rows, _told, as_json=as_json, limit=0, nothing=nothing)
        _end(breaks)

    @commands.command()
    def verify() -> None:
        """Walk the chains of all people, and name the first link of each that does not hold."""
        database = configured(Settings).database("intake")
        walked = answered(with_database(database, record.walk))
        console.print(f"{walked.entries} entries in {walked.chains} chains were walked")
        _end(walked.breaks)

    return commands


def _end(breaks: Sequence[str]) -> None:
    if breaks:
        errors.print(*breaks, sep="\n", soft_wrap=True)
        raise typer.Exit(1)


def _row(entry: Entry) -> Row:
    hashes = {"previous": entry.previous.hex(), "hash": entry.hash.hex()}
    return entry._asdict() | hashes


def _told(row: Row) -> tuple[Iterable[object], Iterable[object]]:
    purpose = f"to {row['purpose'].replace('_', ' ')}, " if row["purpose"] else ""
    until = f", until {when(row['until'])}" if row["until"] else ""
    said = f"{row['act']}  {purpose}by {row['channel']}{until}"
    wording = f", to the words {row['wording_version']}" if row["wording_version"] else ""
    ends = f", which ends entry {row['ends']}" if row["ends"] else ""
    how = f"{HOW.get(row['how'], row['how'])}{wording}"
    place = f"entry {row['position']} of chain {row['chain']}{ends}, of {row['candidate_id']}"
    return (when(row["at"]), said), (how, place, f"hash {row['hash']}")
