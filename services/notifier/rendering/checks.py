"""What can be wrong with a message that renders, found without a reader."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from jinja2 import TemplateError

from services.notifier.domain import Content, Rendered
from services.notifier.rendering.gsm7 import segments
from services.notifier.rendering.renderer import MOST_SEGMENTS, Renderer
from services.notifier.rendering.samples import NOW

LONGEST_SUBJECT = 120
LARGEST_HTML = 100_000
"""Bytes; Gmail cuts off what is longer, and the unsubscribe link with it."""

_URL = re.compile(r"https?://\S+")
_LEFTOVER = re.compile(r"\bNone\b|\bundefined\b|[{}\x00-\x09\x0b-\x1f]")
_WORD = re.compile(r"\w+")
_VOID = {"br", "meta"}
_UNSEEN = {"title", "style"}


class Page(HTMLParser):
    """What a reader of an HTML part sees, where its links lead, and whether its tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self.open: list[str] = []
        self.unbalanced = False
        self.feed(html)
        self.unbalanced = self.unbalanced or bool(self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        attributes = dict(attrs)
        hidden = "display:none" in (attributes.get("style") or "")
        self.open.append("title" if hidden else tag)
        if tag == "a":
            self.links.add(attributes.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        expected = self.open.pop() if self.open else ""
        self.unbalanced = self.unbalanced or expected not in (tag, "title")

    def handle_data(self, data: str) -> None:
        if not _UNSEEN.intersection(self.open):
            self.words.extend(_words(data))


def check(renderer: Renderer, contents: Iterable[tuple[str, Content]]) -> Iterator[tuple[str, str]]:
    """Returns each fault of each content's message, with the content's name."""
    for name, content in contents:
        try:
            rendered = renderer.render(content, NOW)
        except TemplateError as error:
            yield name, f"does not render: {error}"
            continue
        for fault in faults(rendered, stoppable=content.is_to_candidate):
            yield name, fault


def faults(rendered: Rendered, *, stoppable: bool) -> Iterator[str]:
    """Returns what is wrong with one message; `stoppable` ones must say how to stop."""
    if left := _LEFTOVER.search(f"{rendered.subject}\n{rendered.text}"):
        yield f"{left.group()!r} was left in the words"
    if rendered.sms_text is not None:
        yield from _sms_faults(rendered.sms_text, stoppable=stoppable)
    elif rendered.html is not None:
        yield from _email_faults(rendered, rendered.html)
        if stoppable and "List-Unsubscribe" not in rendered.headers:
            yield "no List-Unsubscribe"


def _sms_faults(text: str, *, stoppable: bool) -> Iterator[str]:
    if segments(text) > MOST_SEGMENTS:
        yield f"the text message is too long: {len(text)} letters"
    if stoppable and "STOP" not in text:
        yield "does not say how to stop"


def _email_faults(rendered: Rendered, html: str) -> Iterator[str]:
    page = Page(html)
    said = _words(_URL.sub("", rendered.text))
    if not 0 < len(rendered.subject) <= LONGEST_SUBJECT:
        yield f"the subject has {len(rendered.subject)} letters"
    if page.unbalanced:
        yield "the tags of the HTML do not close"
    if page.words[-len(said) :] != said:
        yield "the HTML and the text say different things"
    if page.links != set(_URL.findall(rendered.text)):
        yield "the HTML and the text link to different places"
    if len(html.encode()) > LARGEST_HTML:
        yield f"the HTML has {len(html.encode())} bytes"


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
