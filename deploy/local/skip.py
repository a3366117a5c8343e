"""`notyet skip`: moves the clock of a running local stack, and lets happen what is due on the way.

Only a stack of this machine has a clock of its own, a file that its processes share. What runs in
production goes by the real time, and has no such file.
"""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from deploy.local.child import CannotStart
from deploy.local.coming import next_message, sent
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.environment import nothing_runs, read_environment
from deploy.local.keys import keys_in
from deploy.local.ports import HOST
from deploy.local.postgres import ADMINISTRATOR, DATABASE
from shared.runtime.terminal import Terminal


async def skip(data_dir: Path, by: timedelta, console: Terminal) -> None:
    """Moves the clock on, from one thing that is due to the next, and says what came of it.

    Raises CannotStart where there is no stack of this machine, or none that runs.
    """
    environment = read_environment(data_dir, "scheduler")
    if not (clock_file := environment.get("NOTYET_CLOCK_FILE")):
        raise CannotStart(
            f"There is no clock to move in {data_dir}: only what `make up` runs has one of its"
            " own, so start that, and skip beside it. Production goes by the real time, and always"
            " will"
        )
    async with AsyncExitStack() as opened:
        try:
            conn, ends = await _reached(opened, data_dir, environment)
        except (OSError, KafkaError, asyncpg.InvalidAuthorizationSpecificationError):
            # Of the last: another folder's stack listens where the one of this folder did.
            raise CannotStart(f"{nothing_runs(data_dir)}, and skip beside it") from None
        simulated_time = SimulatedTime(Path(clock_file), conn, ends)
        before = await sent(conn)
        with console.status("Skipping"):
            await simulated_time.advance_to(simulated_time.now() + by)
        console.print(_came_of_it(simulated_time.now(), await sent(conn) - before))
        if coming := await next_message(conn):
            console.print(coming.told(simulated_time.now()), soft_wrap=True)


async def _reached(
    opened: AsyncExitStack, data_dir: Path, environment: dict[str, str]
) -> tuple[asyncpg.Connection, AIOKafkaConsumer]:
    port = urlsplit(environment["NOTYET_DATABASE_URL"]).port
    password = keys_in(data_dir).administrator
    conn = await asyncpg.connect(
        f"postgresql://{ADMINISTRATOR}:{password}@{HOST}:{port}/{DATABASE}"
    )
    opened.push_async_callback(conn.close)
    ends = AIOKafkaConsumer(bootstrap_servers=environment["NOTYET_KAFKA_BOOTSTRAP_SERVERS"])
    opened.push_async_callback(ends.stop)
    await ends.start()
    return conn, ends


def _came_of_it(now: datetime, left: int) -> str:
    messages = "1 message" if left == 1 else f"{left or 'no'} messages"
    return f"It is {now:%a %d %b %Y %H:%M} UTC here now; {messages} left on the way."
