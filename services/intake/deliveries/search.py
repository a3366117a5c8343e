"""How deliveries are searched for people who were erased, beside the quarantine and like it."""

from dataclasses import replace
from pathlib import Path

import asyncpg

from shared.runtime.erasures import MarksOf, Searched
from shared.runtime.marks import Marks
from shared.runtime.quarantine import Copy
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("search.sql"))


def searched_deliveries(marks_of: MarksOf) -> Searched:
    """Returns the deliveries as the search goes through them.

    What was read tells by its system's own ids whom it is about; all else is recognised as in
    quarantine. What one system erases leaves what another has called us with: that may be all that
    owes somebody an answer.
    """

    def marks(row: asyncpg.Record, copy: Copy) -> Marks:
        found = marks_of(copy)
        return replace(found, identities=found.identities.union(row["about"]))

    return Searched(_queries, marks, lambda row, _: row["source"])
