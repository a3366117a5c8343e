"""What operators read of a source: what came, what was made of it, and what to do."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import asyncpg

from services.intake.deliveries import store as deliveries
from services.intake.deliveries.domain import State
from services.intake.deliveries.jobs import BURST_WITHIN
from services.intake.deliveries.rehearsal import Leaving, rehearse
from services.intake.deliveries.understanding import Understanding
from services.intake.outgoing import store as outgoing
from services.intake.resumes import store as resumes
from services.intake.sources.domain import Source, Speaks
from services.intake.sources.store import Registered
from services.intake.webhooks.systems import APIS, RESUMES
from shared.runtime.listings import Row, when

_HEADINGS = {
    State.ASKING: "To be asked for in its API",
    State.WAITING: "Not read yet",
    State.TRIED: "Would be recorded",
    State.RECORDED: "Recorded",
    State.IGNORED: "Left out",
    State.UNTRANSLATABLE: "Cannot be read: kept until it can",
}
_TELLS_NO = {
    Speaks.US: "we do, in a letter that asks whether their name may stay in the hat",
    Speaks.QUESTION: "the source does; we only ask whether their name may stay in the hat",
    Speaks.SOURCE: "the source does, and nothing of ours leaves",
}


async def report(
    conn: asyncpg.Connection,
    registered: Registered,
    understanding: Understanding,
    now: datetime,
    burst: int,
) -> list[str]:
    """Returns the lines; nothing in them is of anybody.

    What came of a source that is only looked at is read again: its set-up may have changed since.
    """
    source = registered.source
    would = None if source.is_live else await rehearse(conn, understanding, source, now)
    made = await deliveries.made(conn, source.name)
    noted = await deliveries.noted(conn, source.name)
    again = await deliveries.repeated(conn, source.name)
    unread = await resumes.waiting(conn, source.name)
    silent = await outgoing.disabled(conn, source.name)
    counts = {row["source"]: row for row in await deliveries.busy(conn, now - BURST_WITHIN)}
    return [
        *_setup(source),
        *_refused(registered),
        *_api(registered),
        *_silent(silent),
        *_made(made),
        *(leave_said(would, "Would leave") if would and made else ()),
        *_noted(noted),
        *_again(again),
        *_resumes(registered, unread),
        *_burst(counts[source.name]["rejections"], burst),
        *_next(source, made),
    ]


def _setup(source: Source) -> Iterator[str]:
    yield f"{source.name} ({source.system}) {_counts(source)}"
    yield f"Who tells people no: {_TELLS_NO[source.speaks]}"
    for vacancy, who in sorted(source.speaks_of.items()):
        yield f"    of vacancy {vacancy}: {_TELLS_NO[who]}"
    yield (
        f"Nothing leaves about a decision more than {source.letter_days} days old, nor to who"
        f" applied more than {source.applied_days} days before"
    )


def _counts(source: Source) -> str:
    if source.paused_at:
        return (
            f"is paused since {when(source.paused_at)}: what it says is looked at, and only what"
            " ends something is recorded"
        )
    if source.started_at:
        return f"counts since {when(source.started_at)}"
    return "is looked at, and not recorded"


def _refused(registered: Registered) -> Iterator[str]:
    if refused := registered.refusals:
        yield f"Calls that were not believed: {refused.count}, the last {when(refused.at)}:"
        yield f"    {refused.because}"


def _api(registered: Registered) -> Iterator[str]:
    name, access = registered.source.name, registered.api
    if access.token is None and registered.source.system in APIS:
        yield f"What it does not say itself is asked for in its API: notyet sources token {name}"
    elif access.refused_at:
        yield f"Its API took its token no more, {when(access.refused_at)}: it is not used."
        yield f"    Make a new one there, and enter it: notyet sources token {name}"


def _silent(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        where = row["url"] or "notes in it"
        yield f"Not told since {when(row['disabled_at'])} what became of its applicants: {where}:"
        yield f"    {row['disabled_because']}"
        yield f"    Once that is mended: notyet webhooks enable {row['endpoint_id']}"


def _made(rows: Sequence[Row]) -> Iterator[str]:
    for state, heading in _HEADINGS.items():
        lines = [row for row in rows if row["state"] == state]
        if lines:
            yield f"{heading}:"
        for row in lines:
            yield f"{row['count']:7}  {row['summary']}"
            yield f"         the last {when(row['last_at'])}: deliveries show {row['last_id']}"


def leave_said(leaving: Leaving, leave: str) -> Iterator[str]:
    """Says what leaves at the most, and when."""
    counted = {
        "letter" if leaving.letters == 1 else "letters": leaving.letters,
        "question alone" if leaving.questions == 1 else "questions alone": leaving.questions,
        "of these in the next working hours: decided more than a day ago": leaving.at_once,
    }
    if lines := [f"{count:7}  {what}" for what, count in counted.items() if count]:
        yield f"{leave}, each a day after its decision, in working hours, at the most:"
        yield from lines
        yield "         notyet hold keeps them back, so that you can look: notyet messages waiting"
    else:
        yield f"{leave}: nothing of ours"


def _noted(rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        yield "Left out or taken for granted of these:"
    for row in rows:
        yield f"{row['count']:7}  {row['note']}"


def _again(repeated: int) -> Iterator[str]:
    if repeated:
        yield f"Came again in the same words, and counted once: {repeated}"


def _resumes(registered: Registered, unread: int) -> Iterator[str]:
    files = RESUMES.get(registered.source.system)
    if unread:
        yield f"Résumés that are still to be read: {unread}"
    if unread and files and files.api and registered.api.token is None:
        yield f"    They are in its API: notyet sources token {registered.source.name}"


def _burst(rejections: int, burst: int) -> Iterator[str]:
    if rejections > burst:
        yield f"Very many at once: {rejections} rejections within an hour, more than {burst}."
        yield "    If they were not meant: notyet hold, look at notyet plan next, notyet release"


def _next(source: Source, made: Sequence[Row]) -> Iterator[str]:
    if not made:
        yield "Nothing has come yet."
    elif not source.is_live:
        yield f"Once you have looked: notyet sources start {source.name}"
