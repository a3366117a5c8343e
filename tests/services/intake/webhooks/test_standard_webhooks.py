"""Any system can send our events, signed as Standard Webhooks says, and nobody else in its name."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reader, Reading
from services.intake.sources.domain import Source, Speaks
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.standard_webhooks import StandardWebhooks, signature
from shared.contract.events.applications import ApplicantRejected
from tests.services.intake.front import a_rejection
from tests.services.intake.upstream import NOW, RECEIVING

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SENT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
GENERIC = StandardWebhooks()


def delivery(
    body: bytes = BODY,
    *,
    id: str = ID,
    sent: object = SENT,
    sign: str = SIGNATURE,
) -> Delivery:
    headers = {"webhook-id": id, "webhook-timestamp": str(sent), "webhook-signature": sign}
    return Delivery(body, headers, NOW)


def refused(given: Delivery, *secrets: str, late: timedelta = timedelta()) -> str | None:
    return GENERIC.refusal(given, secrets or [SECRET], datetime.fromtimestamp(SENT, UTC) + late)


def test_the_specifications_own_example_is_genuine() -> None:
    assert signature(SECRET, ID, SENT, BODY) == SIGNATURE
    assert refused(delivery()) is None


def test_another_body_is_another_delivery_though_its_id_is_the_same() -> None:
    assert GENERIC.key(delivery()) == GENERIC.key(delivery(sent=SENT + 1))
    assert GENERIC.key(delivery()) != GENERIC.key(delivery(BODY + b" "))
    assert GENERIC.key(delivery()) != GENERIC.key(delivery(id="msg_other"))


def test_one_of_several_signatures_and_of_two_secrets_is_enough() -> None:
    several = f"v1a,{'A' * 40} v1,{'B' * 44} {SIGNATURE}"
    assert refused(delivery(sign=several), GENERIC.new_secret(), SECRET) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"body": BODY + b" "}, "sign"),
        ({"id": "msg_other"}, "sign"),
        ({"sent": SENT + 1}, "sign"),
        ({"sign": "v1,"}, "sign"),
        ({"sign": SIGNATURE.replace("v1", "v2")}, "sign"),
        ({"sign": ""}, "send the headers webhook-signature"),
        ({"id": "", "sent": ""}, "send the headers webhook-id, webhook-timestamp"),
    ],
)
def test_what_is_forged_or_incomplete_is_refused(changed: dict[str, Any], why: str) -> None:
    assert why in str(refused(delivery(**changed)))


@pytest.mark.parametrize("minutes", [6, -6])
def test_what_is_stale_is_refused(minutes: int) -> None:
    assert "time" in str(refused(delivery(), late=timedelta(minutes=minutes)))


def test_a_time_that_is_none_is_refused_even_if_it_was_signed() -> None:
    for sent in ("now", "1614265330.5", "٣", "9" * 400):
        sign = signature(SECRET, ID, sent, BODY)  # type: ignore[arg-type]
        assert refused(delivery(sent=sent, sign=sign))


def read(body: Any, *, speaks: Speaks = Speaks.US) -> Reading:
    source = Source("zap", "generic", speaks=speaks)
    raw = Delivery(json.dumps(body).encode(), {}, NOW)
    return Reader(source, GENERIC, RECEIVING).read(b"k" * 32, raw)


def an_event(kind: str, data: Any, **fields: Any) -> dict[str, Any]:
    event = {"specversion": "1.0", "id": "e-1", "source": "anything", "data": data}
    return event | {"type": f"dev.notyet.{kind}.v1", "time": "2026-03-01T09:00:00Z"} | fields


def test_an_event_counts_as_its_sources_own_under_its_own_id() -> None:
    [event] = read(an_event("applicant.rejected", a_rejection())).events
    assert (event.source, event.id) == ("zap", "e-1")
    assert event.time == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert isinstance(event.data, ApplicantRejected)
    assert not event.data.already_told


def test_whoever_was_told_already_stays_told() -> None:
    told = an_event("applicant.rejected", a_rejection(alreadyTold=True))
    for speaks in Speaks:
        [event] = read(told, speaks=speaks).events
        assert isinstance(event.data, ApplicantRejected)
        assert event.data.already_told
        assert event.data.already_asked is (speaks is Speaks.SOURCE)


def test_a_vacancy_is_told_of_too() -> None:
    [event] = read(an_event("vacancy.closed", {"vacancyId": "v-1", "title": "Cook"})).events
    assert event.type == "dev.notyet.vacancy.closed.v1"


def test_a_moment_still_to_come_counts_as_now() -> None:
    ahead = an_event("applicant.erased", {"applicantId": "p"}, time="2030-01-01T00:00:00Z")
    [event] = read(ahead).events
    assert event.time == NOW


def test_a_ping_says_nothing() -> None:
    assert read({"id": "1", "type": "ping"}).state is State.IGNORED


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ([], "body"),
        ({"type": "ping"}, "id: add this field"),
        (an_event("applicant.promoted", {}), "type: send one of"),
        (an_event("applicant.hired", None), "data"),
        (an_event("applicant.hired", {"applicantId": "p"}), "applicationId: add this field"),
    ],
)
def test_what_cannot_be_read_waits_and_says_what_is_wrong(body: Any, why: str) -> None:
    reading = read(body)
    assert reading.state is State.UNTRANSLATABLE
    assert why in reading.summary
