"""The statements that a piece of work sends to PostgreSQL, to be sent again without the work."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

Statement = tuple[str, Sequence[Any]]


@asynccontextmanager
async def written_down(conn: asyncpg.Connection) -> AsyncIterator[list[Statement]]:
    """Writes down what is executed on the connection, in order."""
    statements: list[Statement] = []

    def note(query: Any) -> None:
        statements.append((query.query, query.args or ()))

    conn.add_query_logger(note)
    try:
        yield statements
    finally:
        conn.remove_query_logger(note)


async def sent_again(conn: asyncpg.Connection, statements: Sequence[Statement]) -> None:
    """Executes statements one after the other, and takes what they give."""
    for query, arguments in statements:
        if arguments:
            await conn.fetch(query, *arguments)
        else:
            await conn.execute(query)
