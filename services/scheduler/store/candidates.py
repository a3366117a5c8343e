"""What is known of people; a person's row is the lock under which all about them is decided."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from services.scheduler.domain.occasions import CandidateRecord, Interest, WithdrawnInvitation
from services.scheduler.store import occasions
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.responses import (
    CandidateAnswered,
    InterestEnded,
    InterestRaised,
    InvitationApproved,
    InvitationWithdrawn,
    Withdrawal,
)
from shared.runtime.sql import Queries

queries = Queries(Path(__file__).with_suffix(".sql"))

PURGE_AFTER = timedelta(days=1)


async def lock(conn: asyncpg.Connection, ids: Sequence[str]) -> set[str]:
    """Locks people, known or not, until the commit; returns those who were not erased."""
    await queries.enrol(conn, ids=list(ids))
    return {row["candidate_id"] for row in await queries.lock(conn, ids=list(ids))}


async def records(conn: asyncpg.Connection, ids: Sequence[str]) -> Iterator[CandidateRecord]:
    """Returns what is known of each person whose state is known, locked until the commit.

    They are read one by one, as they are asked for: reading hundreds at once would take long.
    """
    await queries.enrol(conn, ids=list(ids))
    rows = [row for row in await queries.lock(conn, ids=list(ids)) if row["state"]]
    known = [row["candidate_id"] for row in rows]
    past = _by_candidate(await occasions.on_record(conn, known))
    approvals = _by_candidate(await queries.approvals(conn, ids=known))
    interests = _by_candidate(await queries.interests(conn, ids=known))
    return (
        _record(row, past[id], approvals[id], interests[id])
        for row in rows
        if (id := row["candidate_id"])
    )


async def keep_states(conn: asyncpg.Connection, states: Sequence[CandidateChanged]) -> None:
    """Keeps the newest state of each person who was not erased."""
    await queries.keep_states(
        conn,
        ids=[state.candidate_id for state in states],
        states=[occasions.json_of(state) for state in states],
    )


async def adopt(conn: asyncpg.Connection, merges: Mapping[str, str], now: datetime) -> None:
    """Moves what happened to absorbed people to those who remain, by absorbed id."""
    await queries.adopt(conn, absorbed=list(merges), remaining=list(merges.values()), now=now)


async def take_along(conn: asyncpg.Connection, states: Sequence[CandidateChanged]) -> None:
    """Moves what happened to applications, and to who they were, from those who are two."""
    taken = [
        (state.candidate_id, former, rejection.application_id)
        for state in states
        for former in state.split_from
        for rejection in state.rejections
    ]
    if taken:
        ids, former, subjects = map(list, zip(*taken, strict=True))
        await queries.take_along(conn, ids=ids, former=former, subjects=subjects)
    were = [
        (state.candidate_id, former, absorbed)
        for state in states
        for former in state.split_from
        for absorbed in state.merged_from
    ]
    if were:
        ids, former, absorbed = map(list, zip(*were, strict=True))
        await queries.take_sent(conn, ids=ids, former=former, absorbed=absorbed)


async def erase(
    conn: asyncpg.Connection, ids: Sequence[str], now: datetime
) -> list[tuple[str, str]]:
    """Forgets people; returns the contacts that are still under way: (contact, candidate)."""
    rows = await queries.erase(conn, ids=list(ids), now=now, purge_at=now + PURGE_AFTER)
    return [(row["occasion_id"], row["candidate_id"]) for row in rows]


async def purge(conn: asyncpg.Connection, now: datetime, limit: int) -> int:
    """Deletes what people who were erased a day ago have left; returns how many people."""
    return int(await queries.purge(conn, now=now, limit=limit))


async def answer(conn: asyncpg.Connection, answers: Sequence[CandidateAnswered]) -> None:
    """Keeps when people answered last."""
    await queries.answer(
        conn,
        ids=[answer.candidate_id for answer in answers],
        moments=[answer.at for answer in answers],
    )


async def approve(conn: asyncpg.Connection, approved: Sequence[InvitationApproved]) -> None:
    """Keeps which invitations recruiters approved, each shortlist and person once."""
    await queries.approve(
        conn,
        ids=[approval.candidate_id for approval in approved],
        shortlists=[approval.shortlist_id for approval in approved],
        moments=[approval.at for approval in approved],
        approvals=[occasions.json_of(approval) for approval in approved],
    )


async def disapprove(conn: asyncpg.Connection, withdrawn: Sequence[InvitationWithdrawn]) -> None:
    """Keeps which invitations are no longer approved."""
    await queries.disapprove(
        conn,
        ids=[invitation.candidate_id for invitation in withdrawn],
        shortlists=[invitation.shortlist_id for invitation in withdrawn],
        moments=[invitation.at for invitation in withdrawn],
        reasons=[invitation.because for invitation in withdrawn],
    )


async def raise_interests(conn: asyncpg.Connection, raised: Sequence[InterestRaised]) -> None:
    """Keeps what people said to recruiters; what is said again is of whoever they are by now.

    What has opened again is open, though it is said once more after that.
    """
    last: dict[str, InterestRaised] = {}
    for interest in raised:
        before = last.get(interest.interest_id)
        resumed_at = interest.resumed_at or (before.resumed_at if before else None)
        again = interest.model_copy(update={"resumed_at": resumed_at})
        last[interest.interest_id] = again
    await queries.raise_interests(
        conn,
        interests=list(last),
        ids=[interest.candidate_id for interest in last.values()],
        moments=[interest.at for interest in last.values()],
        raised=[occasions.json_of(interest) for interest in last.values()],
    )


async def interested(conn: asyncpg.Connection, interest_ids: Iterable[str]) -> dict[str, str]:
    """Returns whose these interests are, as far as they are known here."""
    rows = await queries.interested(conn, interests=list(interest_ids))
    return {row["interest_id"]: row["candidate_id"] for row in rows}


async def end_interests(conn: asyncpg.Connection, ended: Sequence[InterestEnded]) -> None:
    """Keeps how interests ended; of several ends of one the last holds."""
    last = {interest.interest_id: interest for interest in ended}
    await queries.end_interests(
        conn, interests=list(last), ends=[occasions.json_of(end) for end in last.values()]
    )


async def forget_interests(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes interests that were raised before then, oldest first; returns how many."""
    return int(await queries.forget_interests(conn, before=before, limit=limit))


async def forget_invitations(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes invitations that were approved before then, oldest first; returns how many."""
    return int(await queries.forget_invitations(conn, before=before, limit=limit))


def _by_candidate(rows: Iterable[asyncpg.Record]) -> dict[str, list[asyncpg.Record]]:
    theirs: dict[str, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        theirs[row["candidate_id"]].append(row)
    return theirs


def _record(
    row: asyncpg.Record,
    past: Iterable[asyncpg.Record],
    approvals: Iterable[asyncpg.Record],
    interests: Iterable[asyncpg.Record],
) -> CandidateRecord:
    approved = [
        (InvitationApproved.model_validate_json(each["approval"]), each) for each in approvals
    ]
    return CandidateRecord(
        CandidateChanged.model_validate_json(row["state"]),
        [occasions.past(each) for each in past],
        [approval for approval, each in approved if each["withdrawn_at"] is None],
        row["answered_at"],
        [
            WithdrawnInvitation(
                approval, each["withdrawn_at"], Withdrawal(each["withdrawn_because"])
            )
            for approval, each in approved
            if each["withdrawn_at"]
        ],
        [_interest(each) for each in interests],
    )


def _interest(row: asyncpg.Record) -> Interest:
    ended = row["ended"]
    return Interest(
        InterestRaised.model_validate_json(row["raised"]),
        InterestEnded.model_validate_json(ended) if ended else None,
    )
