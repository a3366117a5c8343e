"""The API's document tells of every route with examples that are true; `/docs` shows all of it."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.intake.pages.rendering import HEADERS
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import Front, opened
from tests.services.intake.upstream import ATS

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
