"""How recruiters' pages say what somebody told us since, and what goes on with them elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from markupsafe import Markup

from services.intake.interests.domain import is_shown
from services.intake.interests.involvements import Involvement
from services.intake.pages.interest_wording import ending_said
from services.intake.pages.wording import Texts
from services.intake.shortlists.backgrounds import ToldNews
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.shortfalls import Shortfall


def told_since(
    person: CandidateChanged,
    news: Sequence[ToldNews],
    since: datetime,
    sees: str | None,
    words: Texts,
) -> list[Markup]:
    """Returns what somebody has told us from a day on, as their own word."""
    gaps = [
        gap
        for rejection in person.rejections
        if sees in (None, rejection.source)
        for gap in rejection.shortfalls
        if gap.closed_at and gap.closed_at >= since.date()
    ]
    has = dict.fromkeys(
        words.say(
            "shortlist.since.has", what=gap_asked(gap, words), day=words.day(gap.closed_at or since)
        )
        for gap in gaps
    )
    others = [
        words.say(
            "shortlist.since.news",
            what=words.name("news.kind", one.kind),
            name=one.name,
            day=words.day(one.at),
        )
        for one in news
        if one.at >= since and one.name not in {gap.name for gap in gaps}
    ]
    return [*has, *others]


def gap_asked(gap: Shortfall, words: Texts) -> Markup:
    """Names what was missing, with how much of it was asked."""
    name = Markup.escape(gap.name) or words.name("gap.kind", gap.kind)
    if not gap.required_months:
        return name
    how = "inline" if name[0].islower() else "titled"
    return words.say("gap", how, required=words.duration(gap.required_months), name=name)


def going_on(
    involvements: Iterable[Involvement], now: datetime, words: Texts, since: datetime | None = None
) -> list[Markup]:
    """Returns what is going on with somebody, and what came of it lately, or since a moment."""
    return [
        Markup(" ").join(_said(one, words))
        for one in involvements
        if is_shown(one.ending, now) or (since and one.at >= since)
    ]


def _said(one: Involvement, words: Texts) -> Iterator[Markup]:
    about = one.vacancy_title or words.say("going_on.a_role")
    yield words.say("going_on", one.answer or "approved", vacancy=about, day=words.day(one.at))
    if one.ending:
        yield ending_said(one.ending, words)
    elif one.answer:
        yield words.say("going_on.waits")
