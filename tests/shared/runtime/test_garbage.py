import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.contract.events.decoding import decode
from shared.contract.topics import APPLICATIONS
from shared.runtime.consumer import BATCH
from shared.runtime.garbage import collect_seldom
from tests.shared.contract.events.records import REJECTION, binary


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def test_a_batch_is_read_without_a_look_for_garbage() -> None:
    records = [binary(REJECTION) for _ in range(BATCH)]
    collect_seldom()
    with _collections() as seen:
        events = [decode(record, APPLICATIONS) for record in records]
    assert len(events) == BATCH
    assert not seen


def test_garbage_that_holds_itself_is_found_all_the_same() -> None:
    collect_seldom()
    with _collections() as seen:
        for _ in range(200_000):
            itself: list[object] = []
            itself.append(itself)
    assert seen


@contextmanager
def _collections() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        seen.append(phase)

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)
