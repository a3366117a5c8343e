"""Keeps one record with a malformed header name from stopping its topic for ever.

Kafka does not look at the names of headers. aiokafka decodes them as UTF-8 while it unpacks a
batch, and raises before the batch's records are seen: at every attempt, so that nothing behind
it is ever read. Here such a batch is unpacked again with the bad bytes of names replaced, and
its records go the way of all others.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint_py


def accept_any_header_name() -> None:
    """Makes every consumer of this process read on where aiokafka alone would stop."""
    fetcher.MemoryRecords = _Records


class _Records(_MemoryRecordsPy):  # type: ignore[misc]
    def next_batch(self, *_: Any) -> Any:
        packed = self._next_slice
        batch = super().next_batch()
        return batch if batch is None else _Batch(batch, packed)


class _Batch:
    """A batch as aiokafka unpacks it, or else as we do."""

    def __init__(self, batch: Any, packed: memoryview) -> None:
        self._batch = batch
        self._packed = packed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except UnicodeDecodeError:
            return iter(_Lenient(self._packed))


class _Lenient(_DefaultRecordBatchPy):  # type: ignore[misc]
    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer: bytearray = _Bytes(self._buffer)

    def _read_msg(self) -> Any:
        return super()._read_msg(decode_varint_py)


class _Bytes(bytearray):
    """Bytes whose parts decode whatever they are; only names of headers are ever decoded."""

    def __getitem__(self, place: Any) -> Any:
        part = super().__getitem__(place)
        return _Bytes(part) if isinstance(place, slice) else part

    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:
        return super().decode(encoding, errors)
