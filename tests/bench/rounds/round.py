"""What a service does again and again, and how it is measured."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Step = Callable[[], Awaitable[object]]


async def nothing() -> None:
    """Lays nothing out: the round finds what there is."""


@dataclass(frozen=True)
class Round:
    """One piece of work, always of the same size, however many people the tables hold."""

    name: str
    work: Step
    lay: Step = nothing
    """Lays out what the work will find; it is not measured."""
    grows: bool = False
    """Whether it follows what is kept by its nature: it ranks everybody, or looks through all."""
    job: str | None = None
    """The regular job that it is a round of; none where something is heard or asked."""
