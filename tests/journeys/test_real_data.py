"""Real résumés as rejections and real vacancies as openings, where a folder of such is named.

`NOTYET_TEST_REAL_DATA` names a folder with `docs.jsonl` (docid, text, history), `queries.jsonl`
(qid, title, text) and `qrels.tsv` (qid, 0, docid, grade). Nothing of it is kept.
"""

import json
import os
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.demo.recipients import link_in, press
from shared.contract.events.cloudevents import Event
from shared.contract.events.vacancies import VacancyOpened
from shared.contract.topics import VACANCIES
from tests.journeys.conftest import Stage

FOLDER = os.environ.get("NOTYET_TEST_REAL_DATA")
PEOPLE, OPENINGS, LISTED = 400, 6, 10
RECRUITER = "recruiter@employer.example"

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not FOLDER, reason="NOTYET_TEST_REAL_DATA names no folder"),
]


@pytest.fixture(scope="module")
def stage(own_stage: Stage) -> Stage:
    """Not the shared one, for shortlists are chosen from exactly these people."""
    return own_stage


def lines(name: str) -> list[dict[str, Any]]:
    text = (Path(FOLDER or "") / name).read_text()
    return [json.loads(line) for line in text.splitlines()]


def relevant() -> dict[str, set[str]]:
    """Gives the documents that somebody judged relevant to each query."""
    judged: dict[str, set[str]] = defaultdict(set)
    for line in (Path(FOLDER or "") / "qrels.tsv").read_text().splitlines():
        query, _, document, grade = line.split()
        if float(grade) > 0:
            judged[query].add(document)
    return judged


def rejection(document: dict[str, Any], number: int, decided_at: str) -> dict[str, Any]:
    work = [
        {"position": job["title"][:400], "startDate": f"{int(job['start'])}"}
        | ({} if job["end"] > 2090 else {"endDate": f"{int(job['end'])}"})
        for job in document.get("history", [])
        if job.get("title") and job.get("start") and job.get("end")
    ]
    return {
        "applicationId": document["docid"],
        "applicant": {
            "applicantId": document["docid"],
            "name": {"givenName": "Person", "familyName": f"Number{number}"},
            "emails": [f"person{number}@people.example"],
            "timeZone": "Europe/Berlin",
            "country": "DE",
        },
        "vacancy": {"vacancyId": "earlier", "title": "An earlier vacancy"},
        "stage": "final",
        "finishingPlace": 2,
        "reason": {"code": "other_candidate_stronger"},
        "profile": {"resumeText": document["text"][:50_000], "work": work},
        "decidedAt": decided_at,
    }


def opening(query: dict[str, Any]) -> VacancyOpened:
    return VacancyOpened.model_validate(
        {
            "vacancyId": query["qid"],
            "title": query["title"] or query["text"][:80],
            "description": query["text"],
            "skills": query.get("skills", []),
            "recruiters": [{"name": "Recruiter", "email": RECRUITER}],
        }
    )


async def test_recruiters_get_the_people_whom_experts_call_relevant(stage: Stage) -> None:
    judged = relevant()
    queries = [query for query in lines("queries.jsonl") if query["qid"] in judged][:OPENINGS]
    wanted = set().union(*(judged[query["qid"]] for query in queries))
    documents = sorted(lines("docs.jsonl"), key=lambda document: document["docid"] not in wanted)
    documents = documents[:PEOPLE]
    by_name = {f"Number{number}": document["docid"] for number, document in enumerate(documents)}

    now = stage.simulated_time.now()
    for start in range(0, len(documents), 50):
        batch = [
            rejection(document, start + number, now.isoformat())
            for number, document in enumerate(documents[start : start + 50])
        ]
        answer = await stage.post("/v1/rejections/batch", batch)
        assert answer.status_code == 202, answer.text
    await stage.simulated_time.advance_to(now + timedelta(days=4))
    for letter in await stage.sink.everything():
        url = link_in(letter, "c") or ""
        assert await press(
            stage.http, url, "hat_yes", purpose="similar_opening", channel="email", months="24"
        )
    await stage.simulated_time.wait_until_idle()

    for number, query in enumerate(queries):
        vacancy = opening(query)
        if number % 2:
            event = Event.about(vacancy, source="intake", at=stage.simulated_time.now())
            await stage.publish(VACANCIES, replace(event, source="/upstream"))
        else:
            body = json.loads(vacancy.model_dump_json(by_alias=True, exclude_none=True))
            answer = await stage.post("/v1/vacancies", body)
            assert answer.status_code == 202, answer.text
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))

    shortlists = await stage.mail_to(RECRUITER)
    assert len(shortlists) == len(queries)
    hits = listed = 0
    for mail in shortlists:
        query = next(q for q in queries if opening(q).title in mail["subject"] + mail["text"])
        page = (await stage.http.get(link_in(mail, "s") or "")).text
        shown = {by_name[name] for name in by_name if f"{name}<" in page}
        hits += len(shown & judged[query["qid"]])
        listed += len(shown)
    chance = sum(len(judged[query["qid"]]) for query in queries) / len(queries) / len(documents)
    found = hits / max(1, listed)
    print(f"\n{found:.0%} of {listed} people listed are relevant; by chance {chance:.0%}")  # noqa: T201
    assert found > 3 * chance
