"""How every page is answered: complete in itself, closed to scripts, kept by no cache."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.intake.pages.wording import Texts

_FOLDER = Path(__file__).with_name("templates")
_STYLE = (_FOLDER / "page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
}
"""The link is the only secret: it must not leak by a referrer, a cache, a frame or a script."""


@cache
def _environment(employer: str) -> Environment:
    """Makes the environment in which an employer's pages are compiled, once in a process."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(employer=employer, style=_STYLE)
    return environment


class Pages:
    """Renders the templates for one employer."""

    def __init__(self, employer: str) -> None:
        self._environment = _environment(employer)

    def render(
        self, template: str, texts: Texts, *, status: int = 200, **view: object
    ) -> HTMLResponse:
        """Answers with a page; `view` is what its template needs besides the texts."""
        body = self._environment.get_template(template).render(
            texts=texts,
            say=texts.say,
            find=texts.find,
            name_of=texts.name,
            day=texts.day,
            month=texts.month,
            duration=texts.duration,
            **view,
        )
        headers = {**HEADERS, "content-language": texts.language}
        return HTMLResponse(body, status_code=status, headers=headers)
