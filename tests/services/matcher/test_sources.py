"""A vacancy lists whom its own source turned down, unless the employer lets it search everybody."""

from typing import Any

from shared.contract.events.openings import OpeningState
from shared.contract.topics import CANDIDATES, CONTACTS, OPENINGS
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import candidate, opened, profile, qualified, rejection, told

THEIRS: dict[str, Any] = {"sources": ["ats"]}
OTHERS: dict[str, Any] = {"sources": ["agency"]}


async def shown(matcher: Matcher) -> list[str]:
    *_, newest = await matcher.search()
    return sorted(at.candidate_id for at in newest.candidates)


async def test_only_whom_its_source_turned_down_is_listed_until_it_may_search_everybody(
    matcher: Matcher,
) -> None:
    await matcher.know(
        (candidate("theirs", **THEIRS), profile()),
        (candidate("others", **OTHERS), profile()),
        (
            candidate("both", sources=["agency", "ats"], rejections=[rejection(source="ats")]),
            profile(),
        ),
        (candidate("of nobody known"), profile()),
    )
    await matcher.hear(OPENINGS, told(opened(searches_pool=False)))
    assert await shown(matcher) == ["both", "theirs"]
    (left_out,) = await matcher.rows("select people from considered where outcome = 'other_source'")
    assert left_out["people"] == 2
    allowed = opened(state=OpeningState.UPDATED, version=2, searches_pool=True)
    await matcher.hear(OPENINGS, told(allowed))
    assert await shown(matcher) == ["both", "of nobody known", "others", "theirs"]


async def test_a_newcomer_of_another_source_is_not_shown(matcher: Matcher) -> None:
    await matcher.know((candidate("theirs", **THEIRS), profile()))
    await matcher.hear(OPENINGS, told(opened(searches_pool=False)))
    await matcher.search()
    await matcher.know((candidate("others", **OTHERS), profile()))
    await matcher.hear(CANDIDATES, told(candidate("others", version=2, **OTHERS)))
    await matcher.hear(CONTACTS, qualified("others"))
    assert await shown(matcher) == ["theirs"]
