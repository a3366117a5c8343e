"""Forms as browsers, mail clients and Twilio send them: small, or refused."""

from collections.abc import AsyncGenerator, Iterable
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request
from starlette.formparsers import MultiPartException, MultiPartParser

LARGEST = 64 * 1024
MOST_FIELDS = 500


async def read_body(request: Request, largest: int = LARGEST) -> bytes:
    """Reads a request's body, and no more of it than is allowed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HTTPException(413, f"send a smaller body, of at most {largest // 1024} KiB")
    return bytes(body)


def parameters(body: bytes) -> list[tuple[str, str]]:
    """Reads an `application/x-www-form-urlencoded` body, empty values included."""
    try:
        return parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(400, "send a form in UTF-8 with fewer fields") from None


async def read_form(request: Request) -> dict[str, list[str]]:
    """Reads the fields of a form in either encoding that HTML knows, as text that can be kept.

    Files are refused; NUL characters, which no database keeps, are left out.
    """
    body = await read_body(request)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _by_name(await _parts(request, body))
    return _by_name(parameters(body))


async def _parts(request: Request, body: bytes) -> list[tuple[str, str]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(request.headers, stream(), max_files=0, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        "".join(name + value for name, value in fields).encode()
    except (MultiPartException, KeyError, ValueError):
        raise HTTPException(400, "send a form with fields only, in UTF-8") from None
    return fields


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\0", ""))
    return fields
