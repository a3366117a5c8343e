"""What goes on with somebody in whichever roles a recruiter may learn of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import asyncpg

from services.intake.interests.domain import Ending
from services.intake.interests.store import ending
from shared.contract.events.responses import Answer
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("involvements.sql"))


class Approval(StrEnum):
    """How far an approval has come of somebody who has not said yes."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    WROTE = "wrote"
    NOT_REACHED = "not_reached"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Involvement:
    """An interest of somebody, or an approval of them that they have not said yes to."""

    interest_id: str | None
    vacancy_id: str | None
    vacancy_title: str | None
    answer: Answer | None
    """None where they are approved and have not said yes."""
    at: datetime
    ending: Ending | None
    closed_at: datetime | None
    """When its vacancy closed while a recruiter was talking with them."""
    approval: Approval | None
    """How far an approval has come, where there is no yes."""
    shortlist_id: str | None = None
    """The list from which they are approved."""
    read_at: datetime | None = None
    """When a human had read what they wrote by mail."""
    stands: bool = True
    """Whether the approval does: what was answered to one that fell is known still."""


async def involvements(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], sees: str | None
) -> Mapping[str, Sequence[Involvement]]:
    """Returns what goes on with people, the oldest first, in roles of one source or of all."""
    found: dict[str, list[Involvement]] = defaultdict(list)
    for row in await _queries.involvements(conn, ids=list(candidate_ids), sees=sees):
        found[row["candidate_id"]].append(
            Involvement(
                interest_id=row["interest_id"],
                vacancy_id=row["vacancy_id"],
                vacancy_title=row["vacancy_title"],
                answer=Answer(row["answer"]) if row["answer"] else None,
                at=row["at"],
                ending=ending(row),
                closed_at=row["closed_at"],
                approval=Approval(row["approval"]) if row["approval"] else None,
                shortlist_id=row["shortlist_id"],
                read_at=row["read_at"],
                stands=row["stands"],
            )
        )
    return found
