"""What those who carry our mails call: believed only when it is theirs, and read in our words."""

import asyncio
import base64
import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.intake.webhooks.mail.mailgun import Mailgun
from services.intake.webhooks.mail.postmark import Postmark
from services.intake.webhooks.mail.provider import Call, Heard, MailProvider, NotBelieved, NotNow
from services.intake.webhooks.mail.sendgrid import SendGrid
from services.intake.webhooks.mail.ses import AmazonSes
from services.intake.webhooks.mail.sns import FETCHED_A_MINUTE, Certificate, SnsTopics, fetch
from shared.contract.events.cloudevents import Unreadable
from shared.contract.mail_marks import Mark, read_mark
from tests.services.intake.webhooks.mail_calls import (
    CERTIFICATE,
    MAILGUN_KEY,
    NOW,
    POSTMARK_PASSWORD,
    SUBSCRIBE,
    TOPIC,
    bounced,
    called,
    certificate,
    confirmation,
    mailgun,
    postmark,
    sendgrid,
    sendgrids_public_key,
    ses,
    sns,
)

DEAD, ALIVE = True, False


class Amazon:
    """Serves a certificate, and remembers what was asked for, and what was kept of it."""

    def __init__(self, served: bytes | None = None) -> None:
        self.served = served or certificate()
        self.asked: list[str] = []
        self.kept: dict[str, bytes] = {}

    async def find(self, url: str) -> bytes | None:
        return self.kept.get(url)

    async def keep(self, url: str, certificate: Certificate) -> None:
        self.kept[url] = certificate.pem

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return self.served

    def provider(self) -> AmazonSes:
        return AmazonSes(SnsTopics({TOPIC}, self.fetch, self))


def said(heard: Heard) -> list[tuple[str, bool]]:
    """Returns of each mail how it ended, and whether its address is dead."""
    assert all(report.mark == Mark("m-1", "ada") for report in heard.reports)
    return [(report.outcome.value, report.address_is_dead) for report in heard.reports]


async def heard_by(provider: MailProvider, body: Any) -> list[tuple[str, bool]]:
    return said(await provider.hear(body if isinstance(body, Call) else called(body)))


async def is_refused(provider: MailProvider, body: Any) -> bool:
    try:
        await provider.hear(body if isinstance(body, Call) else called(body))
    except (NotBelieved, Unreadable):
        return True
    return False


AWAY = {
    "bounceType": "Transient",
    "bounceSubType": "General",
    "bouncedRecipients": [{"emailAddress": "ada@people.example"}],
}
SPAM = {"complainedRecipients": [], "complaintFeedbackType": "abuse"}


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        (ses("Delivery", delivery={}), [("delivered", ALIVE)]),
        (ses("Delivery", named="notificationType"), [("delivered", ALIVE)]),
        (bounced(), [("bounced", DEAD)]),
        (bounced(status=None), [("bounced", DEAD)]),
        (bounced(status="5.2.2"), [("bounced", ALIVE)]),
        (bounced(status="5.7.1"), [("bounced", ALIVE)]),
        (bounced(status="5.4.7"), [("bounced", ALIVE)]),
        (bounced(status="5.1.8"), [("bounced", ALIVE)]),
        (bounced(status="5.0.0"), [("bounced", DEAD)]),
        (bounced(diagnostic="smtp; 452 4.2.2 mailbox full"), [("bounced", ALIVE)]),
        (bounced("Transient", "4.4.7"), [("bounced", ALIVE)]),
        (bounced("Undetermined"), [("bounced", ALIVE)]),
        (ses("Bounce", bounce=AWAY), []),
        (
            ses("Bounce", bounce=AWAY | {"bouncedRecipients": [{"status": "4.4.7"}]}),
            [("bounced", ALIVE)],
        ),
        (ses("Complaint", complaint=SPAM), [("complained", ALIVE)]),
        (ses("Complaint", complaint={"complaintFeedbackType": "not-spam"}), []),
        (ses("Reject", reject={"reason": "Bad content"}), [("failed", ALIVE)]),
        (ses("Open", open={}), []),
        (ses("Delivery", mark="nobody"), []),
        ({"eventType": "Delivery", "mail": {"messageId": "another's"}}, []),
        ("Successfully validated SNS topic for Amazon SES event publishing.", []),
    ],
)
async def test_a_notice_of_amazon_ses_tells_what_became_of_a_mail(
    notice: Any, expected: list[tuple[str, bool]]
) -> None:
    assert await heard_by(Amazon().provider(), sns(notice)) == expected


async def test_both_versions_of_amazons_signature_are_believed_by_one_certificate() -> None:
    amazon = Amazon()
    provider = amazon.provider()
    for version in ("1", "2"):
        assert await heard_by(provider, sns(bounced(), version=version)) == [("bounced", DEAD)]
    assert await heard_by(provider, sns(bounced(), Subject="Of a mail")) == [("bounced", DEAD)]
    assert amazon.asked == [CERTIFICATE]


@pytest.mark.parametrize(
    "change",
    [
        {"Message": json.dumps(ses("Complaint", complaint=SPAM))},
        {"Timestamp": "2026-03-02T09:59:00.000Z"},
        {"MessageId": "sns-2"},
        {"Subject": "added"},
        {"Signature": ""},
        {"Signature": "%%"},
        {"SignatureVersion": "1"},
        {"SignatureVersion": "3"},
        {"Type": "UnsubscribeConfirmation"},
    ],
)
async def test_what_amazon_did_not_sign_so_is_not_believed(change: dict[str, str]) -> None:
    assert await is_refused(Amazon().provider(), sns(bounced()) | change)


@pytest.mark.parametrize(
    "url",
    [
        CERTIFICATE.replace("https", "http"),
        CERTIFICATE.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CERTIFICATE.replace("eu-central-1", "us-east-1"),
        CERTIFICATE.replace("https://", "https://evil.example@"),
        CERTIFICATE.replace("amazonaws.com/", "amazonaws.com:8443/"),
        CERTIFICATE.replace("/Simple", "/../Simple"),
        CERTIFICATE.replace("amazonaws.com/", "amazonaws.com@evil.example/"),
        "https://sns.eu-central-1.amazonaws.com/mine.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-0a.pem",
        "",
    ],
)
async def test_a_certificate_comes_from_amazon_and_nowhere_else(url: str) -> None:
    amazon = Amazon()
    assert await is_refused(amazon.provider(), sns(bounced(), SigningCertURL=url))
    assert amazon.asked == []


@pytest.mark.parametrize(
    "topic", [TOPIC.replace("our-mail", "theirs"), "arn:aws:sns:eu-central-1:1:our-mail", ""]
)
async def test_a_topic_that_is_not_listed_is_neither_believed_nor_confirmed(topic: str) -> None:
    amazon = Amazon()
    assert await is_refused(amazon.provider(), sns(bounced(), TopicArn=topic))
    assert await is_refused(amazon.provider(), confirmation(TopicArn=topic))
    assert amazon.asked == []


async def test_a_subscription_to_a_listed_topic_is_confirmed_at_amazon_alone() -> None:
    amazon = Amazon()
    assert await heard_by(amazon.provider(), confirmation()) == []
    assert amazon.asked == [CERTIFICATE, SUBSCRIBE]
    for url in ("https://evil.example/", SUBSCRIBE.replace("eu-central-1", "us-east-1")):
        elsewhere = Amazon()
        assert await is_refused(elsewhere.provider(), confirmation(SubscribeURL=url))
        assert elsewhere.asked == [CERTIFICATE]


@pytest.mark.parametrize(
    "served",
    [
        b"<html>",
        certificate(days=-1),
        certificate(key=ec.generate_private_key(ec.SECP256R1())),
    ],
)
async def test_a_certificate_that_is_none_leaves_the_call_for_later(served: bytes) -> None:
    with pytest.raises(NotNow):
        await Amazon(served).provider().hear(called(sns(bounced())))


async def test_anothers_certificate_makes_nothing_genuine() -> None:
    other = certificate(key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    assert await is_refused(Amazon(other).provider(), sns(bounced()))


async def test_nobody_makes_us_fetch_without_end() -> None:
    amazon = Amazon()
    provider = amazon.provider()
    urls = [CERTIFICATE.replace("0a1b2c", f"{number}") for number in range(FETCHED_A_MINUTE + 1)]
    for url in urls[:-1]:
        await provider.hear(called(sns(bounced(), SigningCertURL=url)))
    with pytest.raises(NotNow):
        await provider.hear(called(sns(bounced(), SigningCertURL=urls[-1])))
    assert len(amazon.asked) == FETCHED_A_MINUTE


async def test_who_names_other_certificates_keeps_nobody_from_one_that_is_genuine() -> None:
    amazon = Amazon()
    await amazon.provider().hear(called(sns(bounced())))
    anew = amazon.provider()
    for number in range(FETCHED_A_MINUTE):
        url = CERTIFICATE.replace("0a1b2c", f"{number}")
        forged = {"SigningCertURL": url, "Signature": "AAAA"}
        assert await is_refused(anew, sns(bounced()) | forged)
    assert await heard_by(anew, sns(bounced())) == [("bounced", DEAD)]
    assert list(amazon.kept) == [CERTIFICATE]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 20000\r\n\r\n" + b"x" * 20_000,
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nx",
        b"",
    ],
)
async def test_a_certificate_is_waited_for_and_read_within_bounds(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.webhooks.mail.sns.SECONDS", 0.3)
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await done.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NotNow):
            await fetch(f"http://127.0.0.1:{port}/")
        done.set()


async def test_what_amazon_serves_is_read() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nPEM")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await fetch(f"http://127.0.0.1:{port}/") == b"PEM"
    with pytest.raises(NotNow):
        await fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"event": "delivered"}, [("delivered", ALIVE)]),
        ({"event": "bounce", "type": "bounce", "status": "5.1.1"}, [("bounced", DEAD)]),
        ({"event": "bounce", "type": "bounce", "status": "5.2.2"}, [("bounced", ALIVE)]),
        ({"event": "bounce", "type": "bounce", "status": "5.3.4"}, [("bounced", ALIVE)]),
        (
            {"event": "bounce", "type": "bounce", "status": "5.0.0", "reason": "552 quota"},
            [("bounced", ALIVE)],
        ),
        (
            {"event": "bounce", "type": "bounce", "status": "5.0.0", "reason": "550 who?"},
            [("bounced", DEAD)],
        ),
        ({"event": "bounce", "type": "blocked", "status": "5.7.1"}, [("bounced", ALIVE)]),
        ({"event": "dropped", "reason": "Bounced Address"}, [("bounced", DEAD)]),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, [("opted_out", ALIVE)]),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, [("failed", ALIVE)]),
        ({"event": "spamreport"}, [("complained", ALIVE)]),
        ({"event": "unsubscribe"}, [("opted_out", ALIVE)]),
        ({"event": "group_unsubscribe"}, [("opted_out", ALIVE)]),
        ({"event": "group_resubscribe"}, []),
        ({"event": "deferred"}, []),
        ({"event": "open"}, []),
        ({"event": "delivered", "notyet-message": 7}, []),
    ],
)
async def test_an_event_of_sendgrid_tells_what_became_of_a_mail(
    event: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    assert await heard_by(SendGrid(sendgrids_public_key()), sendgrid(event)) == expected


async def test_only_what_sendgrid_signed_to_the_last_byte_is_believed() -> None:
    provider = SendGrid(sendgrids_public_key())
    genuine = sendgrid({"event": "delivered"}, {"event": "spamreport"})
    assert await heard_by(provider, genuine) == [("delivered", ALIVE), ("complained", ALIVE)]
    later = {**genuine.headers, "x-twilio-email-event-webhook-timestamp": "1772442001"}
    for forged in (
        dataclasses.replace(genuine, body=genuine.body.strip()),
        dataclasses.replace(genuine, body=genuine.body.replace(b"ada", b"eve")),
        dataclasses.replace(genuine, headers=later),
        dataclasses.replace(genuine, headers={}),
    ):
        assert await is_refused(provider, forged)


def test_a_verification_key_that_is_none_is_refused_at_the_start() -> None:
    for key in ("", "abc", "AAAA", base64.b64encode(b"no key at all").decode()):
        with pytest.raises(ValueError, match="verification key"):
            SendGrid(key)


REFUSED = {"event": "failed", "severity": "permanent", "reason": "bounce"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"event": "delivered"}, [("delivered", ALIVE)]),
        (REFUSED | {"delivery-status": {"code": 550}}, [("bounced", DEAD)]),
        (REFUSED | {"delivery-status": {"code": 552, "enhanced-code": "5.2.2"}},
         [("bounced", ALIVE)]),
        (REFUSED | {"delivery-status": {"code": 550, "enhanced-code": "5.4.1"}},
         [("bounced", ALIVE)]),
        (REFUSED | {"delivery-status": {"code": 550, "message": "blocked using spamhaus"}},
         [("bounced", ALIVE)]),
        (REFUSED | {"reason": "old", "delivery-status": {"code": 498}}, [("bounced", ALIVE)]),
        (REFUSED | {"reason": "suppress-bounce"}, [("bounced", DEAD)]),
        (REFUSED | {"reason": "suppress-complaint"}, [("opted_out", ALIVE)]),
        ({"event": "failed", "severity": "temporary"}, []),
        ({"event": "complained"}, [("complained", ALIVE)]),
        ({"event": "unsubscribed"}, [("opted_out", ALIVE)]),
        ({"event": "opened"}, []),
        ({"event": "delivered", "user-variables": {}}, []),
    ],
)  # fmt: skip
async def test_an_event_of_mailgun_tells_what_became_of_a_mail(
    event: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    assert await heard_by(Mailgun(MAILGUN_KEY), mailgun(event)) == expected


async def test_only_a_token_that_mailgun_signed_about_now_is_believed() -> None:
    provider = Mailgun(MAILGUN_KEY)
    event = {"event": "complained"}
    assert await heard_by(provider, mailgun(event, at=NOW - timedelta(hours=8)))
    for at in (NOW - timedelta(hours=25), NOW + timedelta(hours=25)):
        assert await is_refused(provider, mailgun(event, at=at))
    assert await is_refused(Mailgun("another key"), mailgun(event))
    genuine = mailgun(event)
    for change in ({"token": "u" * 50}, {"timestamp": "1"}, {"timestamp": "now"}):
        signature = genuine["signature"] | change
        assert await is_refused(provider, genuine | {"signature": signature})
    assert (await provider.hear(called(genuine))).token == "t" * 50


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"RecordType": "Delivery"}, [("delivered", ALIVE)]),
        ({"RecordType": "Bounce", "Type": "HardBounce"}, [("bounced", DEAD)]),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Details": "smtp; 550 5.1.1 unknown"},
         [("bounced", DEAD)]),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Details": "smtp; 552 5.3.4 too big"},
         [("bounced", ALIVE)]),
        ({"RecordType": "Bounce", "Type": "SoftBounce"}, [("bounced", ALIVE)]),
        ({"RecordType": "Bounce", "Type": "Transient"}, []),
        ({"RecordType": "Bounce", "Type": "AutoResponder"}, []),
        ({"RecordType": "Bounce", "Type": "Subscribe"}, []),
        ({"RecordType": "Bounce", "Type": "AddressChange"}, []),
        ({"RecordType": "Bounce", "Type": "ChallengeVerification"}, []),
        ({"RecordType": "SpamComplaint"}, [("complained", ALIVE)]),
        ({"RecordType": "SubscriptionChange", "SuppressSending": True,
          "SuppressionReason": "ManualSuppression"}, [("opted_out", ALIVE)]),
        ({"RecordType": "SubscriptionChange", "SuppressSending": False}, []),
        ({"RecordType": "Open"}, []),
    ],
)  # fmt: skip
async def test_a_record_of_postmark_tells_what_became_of_a_mail(
    record: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    assert await heard_by(Postmark(POSTMARK_PASSWORD), postmark(record)) == expected


async def test_postmark_is_believed_by_its_password_alone() -> None:
    provider, record = Postmark(POSTMARK_PASSWORD), {"RecordType": "SpamComplaint"}
    assert await is_refused(provider, postmark(record, password="guessed"))
    for header in ("", "Basic", "Basic %%%", f"Bearer {POSTMARK_PASSWORD}", "Basic gICA"):
        call = dataclasses.replace(postmark(record), headers={"authorization": header})
        assert await is_refused(provider, call)


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.99])
async def test_a_call_cut_off_says_nothing(part: float) -> None:
    for provider, whole in (
        (Amazon().provider(), called(sns(bounced()))),
        (SendGrid(sendgrids_public_key()), sendgrid({"event": "delivered"})),
        (Mailgun(MAILGUN_KEY), called(mailgun({"event": "complained"}))),
        (Postmark(POSTMARK_PASSWORD), postmark({"RecordType": "SpamComplaint"})),
    ):
        cut = whole.body[: int(len(whole.body) * part)]
        assert await is_refused(provider, dataclasses.replace(whole, body=cut))


def test_only_a_mark_of_ours_names_a_mail() -> None:
    mark = Mark("7d0f", "c-1")
    assert read_mark(mark.written) == mark
    for other in (None, 7, "", ".", "a.", ".b", "nobody", "a\0.b", "x" * 500 + ".b", ["a.b"]):
        assert read_mark(other) is None
