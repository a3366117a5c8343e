"""What the sink has received: a file of JSON lines that outlives `kill -9`."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from shared.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Received:
    """One message to one recipient, as it came over the wire."""

    id: int
    channel: Literal["email", "sms"]
    sender: str
    recipient: str
    raw: str
    """The e-mail's source, each byte that is not UTF-8 as a lone surrogate; or the SMS's text."""
    received_at: str
    """By the clock of the stack, which may have been moved."""
    wall_at: str
    callback: str = ""
    """Where reports about an SMS were asked for, which names the message as its sender does."""


class Mailbox:
    """Keeps messages in the order they came."""

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._messages = list(_whole_lines(path))
        # Names, addresses and links are in it: for its owner alone.
        path.touch(mode=0o600)
        path.chmod(0o600)
        self._file = path.open("ab", buffering=0)

    def keep(
        self,
        channel: Literal["email", "sms"],
        sender: str,
        recipient: str,
        raw: str,
        callback: str = "",
    ) -> Received:
        """Returns when the operating system has the message."""
        message = Received(
            id=len(self._messages) + 1,
            channel=channel,
            sender=sender,
            recipient=recipient,
            raw=raw,
            received_at=self._clock.now().isoformat(),
            wall_at=datetime.now(UTC).isoformat(),
            callback=callback,
        )
        self._file.write(json.dumps(asdict(message)).encode() + b"\n")
        self._messages.append(message)
        return message

    def get(self, number: int) -> Received | None:
        return self._messages[number - 1] if 0 < number <= len(self._messages) else None

    def after(self, number: int = 0) -> list[Received]:
        """Returns what came after that message, oldest first."""
        return self._messages[number:]


def _whole_lines(path: Path) -> Iterator[Received]:
    """Reads the file, and cuts off a last line that a crash left unfinished."""
    if not path.exists():
        return
    whole, _, rest = path.read_bytes().rpartition(b"\n")
    if rest:
        path.write_bytes(whole + b"\n" if whole else b"")
    for line in whole.splitlines():
        yield Received(**json.loads(line))
