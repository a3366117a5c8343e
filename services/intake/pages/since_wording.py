"""How recruiters' pages say what somebody told us since, and what goes on with them elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from services.intake.interests.domain import is_shown
from services.intake.interests.involvements import Approval, Involvement
from services.intake.pages.interest_wording import ending_said
from services.intake.pages.wording import Texts
from services.intake.shortlists.backgrounds import ToldNews
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import Shortfall


def told_since(
    person: CandidateChanged,
    news: Sequence[ToldNews],
    involvements: Iterable[Involvement],
    since: datetime,
    sees: str | None,
    words: Texts,
) -> list[Markup]:
    """Returns what somebody has told us from a moment on, as their own word.

    Of what they have by now only the day is kept: of that very day it counts if they said so after
    the moment.
    """
    later = any(one.answer is Answer.HAS_IT_NOW and one.at >= since for one in involvements)
    first = since.date() if later else since.date() + timedelta(days=1)
    gaps = [
        gap
        for rejection in person.rejections
        if sees in (None, rejection.source)
        for gap in rejection.shortfalls
        if gap.closed_at and gap.closed_at >= first
    ]
    has = dict.fromkeys(
        words.say(
            "shortlist.since.has", what=gap_asked(gap, words), day=words.day(gap.closed_at or since)
        )
        for gap in gaps
    )
    others = [
        _news(one, words)
        for one in news
        if one.at >= since and one.name not in {gap.name for gap in gaps}
    ]
    return [*has, *others]


def told_before(news: Sequence[ToldNews], since: datetime, words: Texts) -> list[Markup]:
    """Returns what had changed for somebody by their own word before a moment."""
    return [_news(one, words) for one in news if one.at < since]


def _news(one: ToldNews, words: Texts) -> Markup:
    what = words.name("shortlist.news", one.kind)
    return words.say("shortlist.since.news", what=what, name=one.name, day=words.day(one.at))


def gap_asked(gap: Shortfall, words: Texts) -> Markup:
    """Names what was missing, with how much of it was asked."""
    name = Markup.escape(gap.name) or words.name("gap.kind", gap.kind)
    if not gap.required_months:
        return name
    how = "inline" if name[0].islower() else "titled"
    return words.say("gap", how, required=words.duration(gap.required_months), name=name)


def going_on(
    involvements: Iterable[Involvement],
    now: datetime,
    words: Texts,
    since: datetime | None = None,
    here: str | None = None,
) -> list[Markup]:
    """Returns what is going on with somebody, and what came of it lately, or since a moment.

    What they ever answered about the vacancy that a reader looks at, `here`, is never too old.
    """
    return [
        Markup(" ").join(_said(one, words))
        for one in involvements
        if (here and one.vacancy_id == here)
        or (one.stands and (is_shown(one.ending, now) or (since and one.at >= since)))
    ]


def _said(one: Involvement, words: Texts) -> Iterator[Markup]:
    about = one.vacancy_title or words.say("going_on.a_role")
    said = one.answer or one.approval or Approval.TO_ASK
    yield words.say("going_on", said, vacancy=about, day=words.day(one.at))
    if one.approval is Approval.WROTE and one.read_at:
        yield words.say("going_on.read", day=words.day(one.read_at))
    if one.ending:
        yield ending_said(one.ending, words)
    elif one.closed_at:
        yield words.say("going_on.were_talking", day=words.day(one.closed_at))
    elif one.answer:
        yield words.say("going_on.waits")
