"""The query for everybody's eligibility agrees with the rules about one person."""

from datetime import timedelta
from itertools import product
from random import Random

from services.matcher.domain.eligibility import PersonOutcome, bar_to
from services.matcher.domain.vacancies import Opening
from services.matcher.domain.views import views
from services.matcher.store import eligibility
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.topics import CANDIDATES
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import AGREED, NOW, NURSE, candidate, rejection, told


def anybody(number: int, chance: Random) -> CandidateChanged:
    """Returns somebody of whom anything may be true."""
    tiers = [*Tier, Tier("maybe")]
    vacancies = ["v-earlier", NURSE.vacancy_id]
    consent = AGREED.model_copy(
        update={
            "purpose": chance.choice([*ConsentPurpose, ConsentPurpose("anything")]),
            "until": NOW + timedelta(days=chance.choice((-1, 0, 1))),
        }
    )
    sources = chance.choice((["ats"], ["ats", "agency"], ["agency"]))
    return candidate(
        f"c-{number}",
        rejections=[
            rejection(
                tier=chance.choice(tiers),
                vacancy_id=chance.choice(vacancies),
                source=chance.choice(sources),
            )
            for _ in range(chance.randrange(3))
        ],
        consents=[consent] * chance.randrange(2),
        stopped=chance.choice(([], [], [Channel.EMAIL], [Channel("pigeon")])),
        hired_at=chance.choice((None, None, None, NOW)),
        paused_until=chance.choice((None, None, NOW + timedelta(hours=1))),
        sources=sources,
    )


async def test_the_pool_is_what_the_rules_say_of_each_person(matcher: Matcher) -> None:
    chance = Random(7)
    states = [anybody(number, chance) for number in range(400)]
    await matcher.hear(CANDIDATES, *(told(state) for state in states))
    for reopened, searches_pool in product((False, True), repeat=2):
        opening = Opening(
            NURSE, 1, NOW, reopened=reopened, source="ats", searches_pool=searches_pool
        )
        async with matcher.database.connection() as conn:
            pool = await eligibility.pool(conn, opening, NOW)
        counted: dict[PersonOutcome | None, int] = {}
        for state in states:
            seen = state if searches_pool else views(state).get("ats", state)
            bar = (
                bar_to(seen, NURSE.vacancy_id, NOW, reopened=reopened)
                if opening.may_list(state.sources)
                else PersonOutcome.OTHER_SOURCE
            )
            counted[bar] = counted.get(bar, 0) + 1
        assert len(counted) > 5
        assert len(pool.listable) == 8 * counted.pop(None)
        assert pool.kept_off == counted


async def test_the_pool_is_joined_as_a_whole_and_never_probed_person_by_person(
    matcher: Matcher,
) -> None:
    statement = f"explain {eligibility._queries.statements['pool']}"
    plan = await matcher.rows(statement, NURSE.vacancy_id, "ats", False, False, NOW, NOW)
    steps = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "SubPlan" not in steps
    assert "Sort Key: (CASE" not in steps
