"""The API's document tells of every route with examples that are true; `/docs` shows all of it."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.intake.keys import store as keys
from services.intake.keys.domain import Scope
from services.intake.pages.rendering import HEADERS
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import Front, opened
from tests.services.intake.upstream import ATS, NOW

OPERATIONS = {
    "POST /v1/rejections",
    "POST /v1/rejections/batch",
    "POST /v1/events",
    "POST /v1/events/batch",
    "POST /v1/vacancies",
    "POST /v1/vacancies/batch",
    "GET /v1/candidates/{applicantId}",
    "GET /v1/deliveries",
    "POST /v1/webhooks/{source}",
}


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def document(front: Front) -> dict[str, Any]:
    found: dict[str, Any] = (await front.client.get("/v1/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


async def test_every_operation_is_described_and_so_is_each_answer_with_an_example(
    front: Front,
) -> None:
    told = await document(front)
    assert {name for name, _ in operations(told)} == OPERATIONS
    for name, operation in operations(told):
        assert operation["summary"], name
        assert operation["operationId"], name
        assert "429" in operation["responses"], name
        for status, answer in operation["responses"].items():
            for media_type, content in answer.get("content", {}).items():
                assert (media_type == "application/problem+json") == (int(status) >= 400)
                schema = content["schema"] | {"components": told["components"]}
                Draft202012Validator(schema).validate(content["example"])
    named = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told))
    assert set(named) <= set(told["components"]["schemas"])


async def test_every_example_of_a_body_is_taken(front: Front) -> None:
    for name, operation in operations(await document(front)):
        path = name.partition(" ")[2]
        content = operation.get("requestBody", {}).get("content", {})
        for media_type, shown in content.items():
            schema = shown["schema"] | {"components": (await document(front))["components"]}
            Draft202012Validator(schema).validate(shown["example"])
            if "{" in path:
                continue
            body = json.dumps(shown["example"]).replace("our-applicant-tracking", ATS).encode()
            answer = await front.post(path, body, content_type=media_type)
            assert answer.status_code == 202, answer.text


async def test_the_reference_shows_all_of_the_document_and_is_as_closed_as_any_page(
    front: Front,
) -> None:
    told, page = await document(front), await front.client.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]
    for tag in ("<script", "<link", "<img", "http://", "src="):
        assert tag not in page.text
    for name, operation in operations(told):
        assert f'id="{operation["operationId"]}"' in page.text
        assert name in page.text
    for schema in told["components"]["schemas"]:
        assert f'id="{schema}"' in page.text
    linked = re.findall(r'href="#(\w+)"', page.text)
    assert linked
    assert all(f'id="{anchor}"' in page.text for anchor in linked)
    assert (await front.client.head("/docs")).status_code == 200
    assert (await front.client.get("/docs")).content == page.content


READING = {"authorization": "the key that reads"}
ASKED: list[tuple[str, bytes, dict[str, str]]] = [
    ("POST /v1/rejections", b"{}", {}),
    ("POST /v1/rejections", b"{", {}),
    ("POST /v1/rejections", b"x" * 600_000, {}),
    ("POST /v1/rejections", b"{}", {"content-type": "text/plain"}),
    ("POST /v1/rejections", b"{}", {"content-encoding": "gzip"}),
    ("POST /v1/rejections", b"{}", {"authorization": "Bearer ny_0_0"}),
    ("POST /v1/rejections", b"{}", {"idempotency-key": "k" * 256}),
    ("POST /v1/rejections/batch", b"[]", {}),
    ("POST /v1/rejections/batch", b"{}", {}),
    ("POST /v1/rejections/batch", b"[{}, 7]", {}),
    ("POST /v1/rejections/batch", b"{}\n{", {"content-type": "application/x-ndjson"}),
    ("POST /v1/events", b'{"specversion": "1.0"}', {}),
    ("POST /v1/events/batch", b'[{"specversion": "1.0"}]', {}),
    ("POST /v1/vacancies", b'{"vacancyId": "v", "title": "t", "event": "lost"}', {}),
    ("POST /v1/vacancies/batch", b'[{"vacancyId": "v", "title": "t"}, {}]', {}),
    ("POST /v1/webhooks/{source}", b"{}", {}),
    ("GET /v1/candidates/{applicantId}", b"", {}),
    ("GET /v1/candidates/{applicantId}", b"", READING),
    ("GET /v1/deliveries", b"", {}),
    ("GET /v1/deliveries", b"", READING),
    ("GET /v1/deliveries?limit=0", b"", READING),
]


async def test_answers_are_those_that_the_document_tells_of(front: Front) -> None:
    told = await document(front)
    described = dict(operations(told))
    async with front.service.database.transaction() as conn:
        key = await keys.create(conn, ATS, NOW, [Scope.CANDIDATES, Scope.DELIVERIES])
    for asked, body, headers in ASKED:
        method, path = re.sub(r"{\w+}", "nobody", asked).split()
        sent = {"content-type": "application/json", **headers}
        if headers == READING:
            sent["authorization"] = f"Bearer {key}"
        answer = await front.client.request(method, path, content=body, headers=sent)
        answers = described[asked.partition("?")[0]]["responses"]
        content = answers[str(answer.status_code)]["content"]
        schema = content[answer.headers["content-type"]]["schema"]
        Draft202012Validator(schema | {"components": told["components"]}).validate(answer.json())
