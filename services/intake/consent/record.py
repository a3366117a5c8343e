"""Reads the record of what people agreed to, and walks its chains."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import asyncpg

from services.intake.consent.chain import Entry, Head, first_break
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("record.sql"))

AT_A_TIME = 1000


class Walked(NamedTuple):
    """How many chains were walked, and which links do not hold, as far as to the first of each."""

    chains: int
    entries: int
    breaks: Sequence[str]


async def entries_of(
    conn: asyncpg.Connection, candidate_ids: Collection[str], left_as: Collection[str] = ()
) -> list[Entry]:
    """Returns all that people said, whoever they are one with by now, and once they have left.

    `left_as` are applicants as whom they were known when they left.
    """
    rows = await _queries.of(conn, ids=list(candidate_ids), keys=list(left_as))
    return [Entry(*row) for row in rows]


async def breaks_of(conn: asyncpg.Connection, entries: Sequence[Entry]) -> list[str]:
    """Returns which links of the chains of these entries do not hold."""
    rows = await _queries.heads(conn, ids=sorted({entry.chain for entry in entries}))
    heads = {row["chain"]: Head(*row) for row in rows}
    by_chain = groupby(entries, key=lambda entry: entry.chain)
    return list(_told((heads.get(it, Head(it, 0, b"")), list(theirs)) for it, theirs in by_chain))


async def walk(conn: asyncpg.Connection) -> Walked:
    """Walks all chains."""
    chains, entries, breaks, after = 0, 0, list[str](), ""
    while rows := await _queries.page(conn, after=after, chains=AT_A_TIME):
        page = [_chain(list(of_one)) for _, of_one in groupby(rows, key=lambda row: row["id"])]
        breaks += _told(iter(page))
        chains += len(page)
        entries += sum(len(links) for _, links in page)
        after = rows[-1]["id"]
    if stray := await _queries.stray(conn):
        breaks.append(f"chain {stray}: its beginning is missing")
    return Walked(chains, entries, breaks)


def _chain(rows: Sequence[asyncpg.Record]) -> tuple[Head, list[Entry]]:
    links = [Entry(*list(row)[3:]) for row in rows if row["position"] is not None]
    return Head(*list(rows[0])[:3]), links


def _told(chains: Iterator[tuple[Head, list[Entry]]]) -> Iterator[str]:
    for head, links in chains:
        if why := first_break(head, links):
            yield f"chain {head.chain}: {why}"
