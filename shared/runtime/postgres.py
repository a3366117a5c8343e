"""PostgreSQL as every service uses it: one pool on the service's own schema, with timeouts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import asyncpg

from shared.contract.topics import ServiceName

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What passes by itself: the database is away, starting, busy, or broke a tie."""

AT_FAULT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ValueError,
)
"""What does not: PostgreSQL, asyncpg or a rule refuses the data itself.

asyncpg's refusal of an argument is a ValueError, though also an InterfaceError.
"""


def is_at_fault(error: Exception) -> bool:
    """Whether the data itself is refused, so that trying again with the same cannot help."""
    return isinstance(error, AT_FAULT)


def will_pass(error: Exception) -> bool:
    """Whether to try again with the same data.

    So it is for all that the database says except a refusal of the data itself: a table that is
    not there, or a right, comes with the migration.
    """
    known = (*UNAVAILABLE, asyncpg.PostgresError)
    return isinstance(error, known) and not is_at_fault(error)


class Database:
    """One service's part of the database.

    No call waits for ever: for a connection or a statement by what is set here, for a lock or an
    idle transaction by what is set for the service's role (`role.sql`).
    """

    def __init__(self, url: str, schema: ServiceName, *, max_size: int = 10) -> None:
        self._url = url
        self._schema = schema
        self._max_size = max_size
        self._pool: asyncpg.Pool | None = None
        self.on_commit: list[Callable[[], None]] = []
        """Called after each commit, to wake the jobs that may find something to do."""

    async def start(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._max_size,
            timeout=5,
            command_timeout=60,
            max_inactive_connection_lifetime=60,
            reset=_nothing,
            # However long a statement is: planning one of 16 kB takes longer than running it.
            max_cacheable_statement_size=0,
            server_settings={
                "search_path": self._schema,
                "application_name": f"notyet-{self._schema}",
                "timezone": "UTC",
                "jit": "off",
                # A plan is kept for as long as its connection. One that was made while its tables
                # were empty would read the whole of them ever after; all that we read often has an
                # index, and where there is none PostgreSQL reads the table all the same.
                "enable_seqscan": "off",
            },
        )

    async def stop(self) -> None:
        if self._pool:
            try:
                await asyncio.wait_for(self._pool.close(), timeout=5)
            except TimeoutError:
                self._pool.terminate()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Yields a connection outside any transaction: for reading, or a statement by itself."""
        if self._pool is None:
            raise ConnectionError("the database pool has not been started")
        async with self._pool.acquire(timeout=5) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """Yields a connection in a transaction that commits unless the block raises."""
        async with self.connection() as connection, connection.transaction():
            yield connection
        for wake in self.on_commit:
            wake()


async def _nothing(_: asyncpg.Connection) -> None:
    """Saves a round trip after each use: no statement of ours changes a session's settings."""
