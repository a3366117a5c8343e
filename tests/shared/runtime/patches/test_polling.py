import time
from typing import Any

from faststream.kafka import KafkaBroker


class Quiet:
    async def getmany(self, **_: Any) -> dict[Any, Any]:
        return {}


async def test_faststream_alone_still_sleeps_after_an_empty_poll() -> None:
    subscriber: Any = KafkaBroker().subscriber("quiet", batch=True, batch_timeout_ms=200)
    began = time.monotonic()
    assert await subscriber.get_msg(Quiet()) == ()
    assert time.monotonic() - began > 0.19
