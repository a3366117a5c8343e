"""Twilio's proof that a request is its own: `X-Twilio-Signature`, as its security guide says."""

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

Parameters = Iterable[tuple[str, str]]
"""The form as it arrived: names may repeat, values may be empty, and all of them are signed."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_genuine(given: str, auth_token: str, url: str, parameters: Parameters) -> bool:
    """Tells whether Twilio signed this request; `url` is the one Twilio called, as it is public.

    Twilio signs the URL sometimes with its port and sometimes without, so both count.
    """
    signed = list(parameters)
    matches = [
        hmac.compare_digest(given.encode(), signature(auth_token, spelling, signed).encode())
        for spelling in _spellings(url)
    ]
    return any(matches)


def signature(auth_token: str, url: str, parameters: Parameters) -> str:
    """Signs a request: the URL, then each parameter's name and value in order of name."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in parameters:
        values[name].add(value)
    text = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    # Twilio chose SHA-1; as an HMAC it still stands.
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _spellings(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    return (
        parts._replace(netloc=host).geturl(),
        parts._replace(netloc=f"{host}:{port}").geturl(),
    )
