"""What systems send: good bodies about people who are easily mistaken, with anything put in."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened, VacancyUpdated
from shared.contract.topics import APPLICATIONS, VACANCIES, Topic
from tests.services.intake.front import a_vacancy
from tests.services.intake.upstream import ATS

AGENCY = "people@agency.example"
"""A mailbox that many people give as theirs."""

SURNAMES = ["okafor", "wei", "quist", "nagy"]
"""The word by which it is seen of whom an event speaks; none is in another's name or address."""
NAMES: list[list[dict[str, Any]]] = [
    [{"givenName": "Mira", "familyName": "Okafor"}, {"fullName": "OKAFOR, Mira"}],
    [{"fullName": "Li Wei"}, {"familyName": "Wei"}, {"givenName": "\u202eLi", "familyName": "Wei"}],
    [{"fullName": "Søren Quist"}, {"fullName": "=?utf-8?q?Quist?= www.win.example"}, {}],
    [{"givenName": "Zoë", "familyName": "O'Nagy"}, {"fullName": "null null"}],
]

texts = st.text(max_size=8)
ODD_TEXTS = [
    *(
        "",
        " ",
        "n/a",
        "null",
        "\0",
        "\u202e",
        "\ufeff",
        "\u00a0",
        "\ud83d",
        "=1+1",
        "🙏" * 9,
        "&#0;",
    ),
    *("<b>", "a" * 600, "9" * 300, "a@b.example", "; ;", "Present", "2026-02-30", "0000-01-01"),
    *("2026-02-25", "2199-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-02-25T09:00:00+14:00"),
]
odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.sampled_from([*ODD_TEXTS, -1, 0, 2**63, 10**400, 1e308, 1772010000, 20260225]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
moments = st.integers(1, 28).map(lambda day: f"2026-02-{day:02}T09:07:31Z")


@st.composite
def applicants(draw: st.DrawFn) -> dict[str, Any]:
    who = draw(st.integers(0, len(SURNAMES) - 1))
    own = f"{SURNAMES[who]}@mail.example"
    return {
        "applicantId": f"p-{who}-{draw(st.integers(0, 1))}",
        "name": draw(st.sampled_from(NAMES[who])),
        "emails": draw(
            st.sampled_from([[own], [AGENCY], [AGENCY, own], [own, AGENCY], ["?", own]])
        ),
        "phone": draw(st.sampled_from([None, "+4930901820"])),
    }


jobs = st.fixed_dictionaries(
    {"position": st.sampled_from(["Cook", "Li Wei's cook"])},
    optional={"startDate": st.sampled_from(["2019", "2020-05"]), "endDate": texts},
)
rejections = st.fixed_dictionaries(
    {
        "applicationId": st.sampled_from(["a-1", "a-2", "a-3"]),
        "applicant": applicants(),
        "vacancy": st.sampled_from(
            [{"vacancyId": "v-1", "title": "Cook"}, {"vacancyId": "v-2"}]
        ).map(lambda vacancy: {"title": "Shift lead"} | vacancy),
        "reason": st.sampled_from([{"code": "other"}, {"code": "skill_missing", "note": "Okafor"}]),
        "decidedAt": moments,
    },
    optional={
        "profile": st.fixed_dictionaries({"work": st.lists(jobs, max_size=2)}),
        "shortfalls": st.just([{"requirementId": "r", "kind": "skill", "requiredMonths": 6}]),
        "finishingPlace": st.integers(1, 4),
    },
)
vacancies = st.fixed_dictionaries(
    {"vacancyId": st.sampled_from(["v-1", "v-2", "v-3"])},
    optional={
        "version": st.integers(1, 3),
        "jobLocation": st.just({"locality": "Hamburg"}),
        "requirements": st.just([{"requirementId": "r", "kind": "skill", "name": "Knives"}]),
    },
).map(lambda fields: a_vacancy(**fields))


def with_anything(bodies: st.SearchStrategy[Any], *, besides: str = "") -> st.SearchStrategy[Any]:
    """Bodies in which up to two values, wherever they are, are gone, odd, or of another name."""

    @st.composite
    def damaged(draw: st.DrawFn) -> Any:
        body = copy.deepcopy(draw(bodies))
        for _ in range(draw(st.integers(0, 2))):
            places = [each for each in _places(body) if each[1] != besides]
            if not places:
                break
            inside, at = draw(st.sampled_from(places))
            match draw(st.sampled_from(["odd", "odd", "gone", "renamed"])):
                case "odd":
                    inside[at] = draw(odd_values)
                case "gone":
                    del inside[at]
                case _ if isinstance(inside, dict):
                    inside[draw(texts)] = inside.pop(at)
        return body

    return damaged()


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    """Yields every value in a body by where it is."""
    pairs = list(body.items()) if isinstance(body, dict) else list(enumerate(body))
    for at, value in pairs:
        yield body, at
        if isinstance(value, dict | list):
            yield from _places(value)


@st.composite
def decisions(draw: st.DrawFn) -> dict[str, Any]:
    person = draw(applicants())
    fields = {"applicantId": person["applicantId"], "applicationId": "a-1"}
    return fields | {"decidedAt": draw(moments)}


_DATA = {
    ApplicantRejected.type: rejections,
    ApplicantUpdated.type: applicants().map(lambda it: {"applicant": it}),
    ApplicantUnrejected.type: decisions(),
    ApplicantHired.type: decisions(),
    ApplicantWithdrawn.type: decisions(),
    ApplicantErased.type: decisions(),
    VacancyOpened.type: vacancies,
    VacancyUpdated.type: vacancies,
    VacancyClosed.type: vacancies,
}


@st.composite
def cloud_events(draw: st.DrawFn, topic: Topic = APPLICATIONS, *sources: str) -> dict[str, Any]:
    """A good event of a topic, in structured mode."""
    type = draw(st.sampled_from([it for it in _DATA if it in topic.event_types]))
    event = {
        "specversion": "1.0",
        "id": "e",
        "source": draw(st.sampled_from(sources or (ATS,))),
        "type": type,
        "data": draw(_DATA[type]),
    }
    return event | draw(st.fixed_dictionaries({}, optional={"time": moments, "subject": texts}))


def numbered(event: Any, number: int, topic: Topic) -> Any:
    """Makes sure that no event of a list is taken for another one of it."""
    if not isinstance(event, dict):
        return event
    event = copy.deepcopy(event)
    _number(event, "id", number)
    if topic is VACANCIES and isinstance(event.get("data"), dict):
        _number(event["data"], "vacancyId", number)
    return event


def _number(part: dict[str, Any], name: str, number: int) -> None:
    if isinstance(part.get(name), str | int):
        part[name] = f"{part[name]} {number}".strip()


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
