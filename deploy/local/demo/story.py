"""The story of a play as one page that needs nothing else: what came, and how it looked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.broker import ROOT
from deploy.local.demo.album import Sight, once_each
from deploy.local.demo.evidence import Evidence, Message, PromiseCheck
from deploy.local.demo.personas import Person
from deploy.local.sink.parsing import in_new_tabs

KINDS: Final = {
    "letter": "the letter",
    "kind_letter": "the one kind letter",
    "question": "the question",
    "check_in": "a check-in",
    "ready": "the question whether they are ready",
    "renewal": "a renewal",
    "invitation": "an invitation",
    "continuation": "a continuation",
    "record": "a link to what is held",
    "outcome": "how it ended",
    "shortlist": "a shortlist",
    "interest": "news of somebody who would like to talk",
}
NO_KIND: Final = "a message"
ERASED: Final = "somebody who was erased later"
GONE: Final = "What it said is gone with them."

_templates = Environment(
    loader=FileSystemLoader(
        [Path(__file__).parent, ROOT / "services" / "intake" / "pages" / "templates"]
    ),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["alone"] = in_new_tabs
_templates.filters["day"] = lambda at: f"{at:%-d %b}"
_templates.filters["minute"] = lambda at: f"{at:%H:%M}"


def kind_name(kind: str) -> str:
    """Names a kind of message; one that comes seldom by its own name."""
    return KINDS.get(kind, kind.replace("_", " "))


@dataclass(frozen=True)
class Page:
    """A page that somebody saw, and what they had done to see it."""

    after: str
    html: str


@dataclass(frozen=True)
class StoryEntry:
    """One line of the timeline: news, or a message; one that is shown whole has its pages."""

    at: datetime
    text: str
    message: Message | None = None
    to: str = ""
    kind: str = ""
    is_whole: bool = False
    pages: Sequence[Page] = ()


@dataclass
class Story:
    """What happened, in the order in which it did."""

    evidence: Evidence
    news: Sequence[tuple[datetime, str]]
    heroine: Person
    """Every message to her or about her is shown whole."""
    _shown: set[tuple[str, str | None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        people = [application.person for application in self.evidence.applications]
        self._names = {to: one.name for one in people for to in (one.email, one.phone)}
        self._names[self.evidence.erased.email] = ERASED

    def entries(self) -> list[StoryEntry]:
        """Returns all of it; of each kind of message, and of each answer to it, one whole."""
        news = [StoryEntry(at, text) for at, text in self.news]
        return sorted([*news, *map(self._entry, self.evidence.messages)], key=lambda one: one.at)

    def _entry(self, message: Message) -> StoryEntry:
        kind = self.evidence.kind(message) or NO_KIND
        sights = list(once_each(self.evidence.album.of(message)))
        facets = {(kind, message["channel"]), *((kind, sight.pressed) for sight in sights)}
        is_whole = self.is_hers(message) or not facets <= self._shown
        self._shown |= facets
        if message["to"] == self.evidence.erased.email:
            message = {**message, "html": None, "text": GONE}
        return StoryEntry(
            at=datetime.fromisoformat(message["received_at"]),
            text=message["subject"] or message["text"],
            message=message,
            to=self._name_at(message["to"]),
            kind=kind_name(kind),
            is_whole=is_whole,
            pages=list(_pages(sights)) if is_whole else [],
        )

    def is_hers(self, message: Message) -> bool:
        is_to_her = message["to"] in (self.heroine.email, self.heroine.phone)
        return is_to_her or self.heroine.name in message["subject"]

    def _name_at(self, address: str) -> str:
        return self._names.get(address) or address.partition("@")[0].replace(".", " ").title()


def write_story(
    path: Path,
    story: Story,
    promises: Sequence[PromiseCheck],
    numbers: Mapping[str, int],
    sink_url: str | None,
) -> None:
    """Writes the page; with the address of a sink that still runs, each message leads there."""
    entries = story.entries()
    page = _templates.get_template("story.html").render(
        months=[(name, list(those)) for name, those in groupby(entries, _month)],
        shortlists=[one for one in entries if one.kind == kind_name("shortlist")],
        heroine=story.heroine,
        hers=[one for one in entries if one.message and story.is_hers(one.message)],
        promises=promises,
        numbers=numbers,
        sink_url=sink_url,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _pages(sights: Sequence[Sight]) -> Iterator[Page]:
    labels: dict[str, str] = {}
    for sight in sights:
        pressed = sight.pressed and labels.get(sight.pressed, sight.pressed)
        labels |= sight.buttons
        yield Page(f"They press “{pressed}”" if pressed else "They open the page", sight.html)


def _month(entry: StoryEntry) -> str:
    return f"{entry.at:%B %Y}"
