"""What those who carry our mails call, with keys and values of our own."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from services.intake.webhooks.mail.provider import Call
from services.intake.webhooks.signatures import hmac_sha256

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARK = "m-1.ada"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:our-mail"
CERTIFICATE = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem"
SUBSCRIBE = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
MAILGUN_KEY = "what Mailgun and we alone know"
POSTMARK_PASSWORD = "what Postmark sends"


@cache
def amazons_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def sendgrids_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(*, key: Any = None, days: int = 30, now: datetime = NOW) -> bytes:
    """Returns a certificate that runs out so many days from now."""
    key = key or amazons_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.example")])
    made = x509.CertificateBuilder(
        subject_name=name,
        issuer_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now - timedelta(days=60),
        not_valid_after=now + timedelta(days=days),
    )
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


def sns(message: Any, *, version: str = "2", **fields: Any) -> dict[str, Any]:
    """Returns a message of SNS, signed as Amazon does."""
    text = message if isinstance(message, str) else json.dumps(message)
    said = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": TOPIC,
        "Message": text,
        "Timestamp": "2026-03-02T08:59:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        "UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
    } | fields
    names = (
        ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
        if said["Type"] == "Notification"
        else (*("Message", "MessageId", "SubscribeURL"), "Timestamp", "Token", "TopicArn", "Type")
    )
    signed = "".join(f"{name}\n{said[name]}\n" for name in names if name in said).encode()
    algorithm = SHA1() if version == "1" else SHA256()
    signature = amazons_key().sign(signed, PKCS1v15(), algorithm)
    return said | {"Signature": base64.b64encode(signature).decode()}


def confirmation(**fields: Any) -> dict[str, Any]:
    asks = {"Type": "SubscriptionConfirmation", "Token": "abc", "SubscribeURL": SUBSCRIBE}
    return sns("You have chosen to subscribe", **(asks | fields))


def ses(kind: str, *, mark: str = MARK, named: str = "eventType", **said: Any) -> dict[str, Any]:
    headers = [{"name": "Subject", "value": "Hello"}, {"name": "X-Notyet-Message", "value": mark}]
    mail = {"messageId": "ses-1", "destination": ["Ada@Example.org"], "headers": headers}
    return {named: kind, "mail": mail, **said}


def bounced(
    kind: str = "Permanent", status: str | None = "5.1.1", diagnostic: str | None = None
) -> dict[str, Any]:
    recipient = {"emailAddress": "ada@mail.example", "action": "failed", "status": status}
    recipient |= {"diagnosticCode": diagnostic} if diagnostic else {}
    return ses("Bounce", bounce={"bounceType": kind, "bouncedRecipients": [recipient]})


def sendgrid(*events: dict[str, Any], timestamp: str = "1772442000") -> Call:
    body = json.dumps([{"notyet-message": MARK} | event for event in events]).encode() + b"\r\n"
    signature = sendgrids_key().sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
    headers = {
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": timestamp,
    }
    return Call(body, headers, NOW)


def sendgrids_public_key() -> str:
    der = sendgrids_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def mailgun(
    event: dict[str, Any], *, token: str = "t" * 50, at: datetime = NOW, mark: str = MARK
) -> dict[str, Any]:
    timestamp = str(int(at.timestamp()))
    signature = hmac_sha256(MAILGUN_KEY.encode(), f"{timestamp}{token}".encode()).hex()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": {"user-variables": {"notyet-message": mark}} | event,
    }


def postmark(record: dict[str, Any], *, password: str = POSTMARK_PASSWORD) -> Call:
    body = json.dumps({"Metadata": {"notyet-message": MARK}} | record).encode()
    basic = base64.b64encode(f"notyet:{password}".encode()).decode()
    return Call(body, {"authorization": f"Basic {basic}"}, NOW)


def called(body: Any) -> Call:
    return Call(body if isinstance(body, bytes) else json.dumps(body).encode(), {}, NOW)
