"""Words what we hold about somebody, and leaves nothing of it out.

Whatever a part is made of is said: days, durations and codes in the reader's words, as far as there
are any, and everything else as it is held. Only the ids of our own messages the file has alone.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape
from pydantic import ValidationError

from services.intake.pages.evidence_wording import worded
from services.intake.pages.wording import Texts
from shared.contract.events.evidence import Evidence

Part = Mapping[str, Any]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_WORDING = re.compile(r"(?P<message>[a-z_]+)\.(?P<language>[a-z]{2})\.(?P<version>\w+(?:\.\d+)?)")
_WORDS = {
    "answer": "record.code.answer",
    "because": "record.code.because",
    "by": "record.code.how",
    "channel": "channel",
    "channels": "channel",
    "code": "record.code.reason",
    "decision": "record.decision",
    "did": "record.code.did",
    "endedAs": "record.code.endedAs",
    "endedBy": "record.code.how",
    "how": "record.code.how",
    "kind": "gap.kind",
    "noted": "record.code.noted",
    "purpose": "record.message",
    "purposes": "now.purpose",
    "question": "record.code.question",
    "reason": "record.code.reason",
    "stage": "record.code.stage",
    "status": "record.status",
    "strengths": "record.code.strength",
    "tier": "record.code.answer",
    "who": "record.code.who",
}
"""What is held as a code, and its words; one that there are none for is told by its own."""

_OURS = frozenset({"contactId", "interestId", "mailId", "messageId", "replyId", "shortlistId"})
_REASONS = frozenset({"reasonsFor", "reasonsAgainst"})


class HeldWording:
    """Words what is held, in the language of a page."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def rest(self, part: Part, *said: str) -> Iterator[Markup]:
        """Says each thing that a part is made of, but for those that were said before."""
        for name, value in part.items():
            if name not in _OURS.union(said) and value not in (None, "", [], {}):
                yield Markup("{}: {}").format(self._label(name), self.value(value, name))

    def value(self, value: Any, name: str = "") -> Markup | str:
        """Says one thing that is held, whatever it is made of."""
        if isinstance(value, Mapping):
            return Markup(", ").join(self.rest(value))
        if isinstance(value, list) and name in _REASONS:
            return Markup("; ").join(map(self._reason, value))
        if isinstance(value, list):
            return Markup("; ").join(self.value(one, name) for one in value)
        if isinstance(value, bool):
            return self._texts.say("record.flag", str(value).lower())
        if isinstance(value, int):
            is_span = name.endswith("Months") or name == "months"
            return self._texts.duration(value) if is_span else str(value)
        return self._text(str(value), name)

    def when(self, written: str) -> str:
        """Writes a date as exact as it was given: `2019`, `January 2019` or `4 January 2019`."""
        with suppress(ValueError):
            if _MOMENT.fullmatch(written):
                return self._texts.day(datetime.fromisoformat(written))
            if _DAY.fullmatch(written):
                return self._texts.day(date.fromisoformat(written))
            if _MONTH.fullmatch(written):
                return self._texts.month(date.fromisoformat(f"{written}-01"))
        return written

    def span(self, part: Part) -> Markup | str:
        """Says from when until when something went on, as far as that is known."""
        first, last = (part.get(name) for name in ("startDate", "endDate"))
        dates = {name: self.when(at) for name, at in (("first", first), ("last", last)) if at}
        goes_on = first and not last and not part.get("endIsUnknown")
        form = "since" if goes_on else "_".join(dates)
        return self._texts.say("record.span", form, count=None, **dates) if dates else ""

    def _label(self, name: str) -> Markup | str:
        spaced = _HUMP.sub(" ", name).lower()
        return self._texts.find("record.label", name) or spaced[:1].upper() + spaced[1:]

    def _reason(self, reason: Any) -> Markup | str:
        """Says what recruiters read of somebody, as they read it."""
        with suppress(ValidationError):
            for claim in worded([Evidence.model_validate(reason)], self._texts):
                return claim.sentence + (Markup(" ({})").format(claim.cited) if claim.cited else "")
        return self.value(reason)

    def _text(self, text: str, name: str) -> Markup | str:
        locale = self._texts.locale
        if name == "country":
            return escape(locale.territories.get(text, text))
        if name == "language" and _LANGUAGE.fullmatch(text):
            return escape(locale.languages.get(text[:2], text))
        if name in ("wording", "wordingVersion") and (written := _WORDING.fullmatch(text)):
            return self._wording(**written.groupdict())
        if name not in _WORDS or not text.isidentifier():
            return escape(self.when(text))
        return self._texts.find(_WORDS[name], text) or escape(text.replace("_", " "))

    def _wording(self, message: str, language: str, version: str) -> Markup:
        return self._texts.say(
            "record.wording",
            message=self._texts.name("record.message", message),
            language=self._texts.locale.languages.get(language, language),
            version=version,
        )
