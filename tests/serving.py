"""A server in the test's own process, which ends with all whom it was talking to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[str]:
    """Yields the address of a server that talks so with each who connects."""
    under_way: set[asyncio.Future[None]] = set()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(talking := asyncio.ensure_future(talk(reader, writer)))
        talking.add_done_callback(under_way.discard)
        await talking

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for talking in list(under_way):
        talking.cancel()
