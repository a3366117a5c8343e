"""An Apache Kafka as platforms run it: nobody gets in without a proof, nor does what no ACL allows.

It listens four times, once for each way of proving who one is, with certificates of its own.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker import ApacheKafka
from deploy.local.ports import HOST, free_ports
from shared.runtime.acls import PRINCIPALS
from shared.runtime.new_certificates import Authority

ADMIN = "admin"
USERS = (ADMIN, *(principal.removeprefix("User:") for principal in PRINCIPALS.values()))

_MODULES = "org.apache.kafka.common.security"


@dataclass(frozen=True)
class SecuredBroker:
    """Where the broker listens, and what to log in with."""

    passwords: Mapping[str, str]
    scram: str
    plain: str
    token: str
    certificate: str
    directory: Path

    def by_scram(self, user: str) -> dict[str, str]:
        """Returns the environment of a client that logs in as that user."""
        return {
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.scram,
            "NOTYET_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "NOTYET_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "NOTYET_KAFKA_SASL_USERNAME": user,
            "NOTYET_KAFKA_SASL_PASSWORD": self.passwords[user],
        }

    def by_password_over_tls(self, user: str) -> dict[str, str]:
        return {
            **self.by_scram(user),
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.plain,
            "NOTYET_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "NOTYET_KAFKA_SASL_MECHANISM": "PLAIN",
            "NOTYET_KAFKA_SSL_CA_FILE": str(self.directory / "ca.pem"),
        }

    def by_token(self, user: str) -> dict[str, str]:
        path = self.directory / "token"
        path.write_text(unsigned_token(user))
        return {
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.token,
            "NOTYET_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "NOTYET_KAFKA_SASL_MECHANISM": "OAUTHBEARER",
            "NOTYET_KAFKA_SASL_TOKEN_FILE": str(path),
            "NOTYET_KAFKA_SSL_CA_FILE": str(self.directory / "ca.pem"),
        }

    def by_certificate(self, user: str) -> dict[str, str]:
        return {
            "NOTYET_KAFKA_BOOTSTRAP_SERVERS": self.certificate,
            "NOTYET_KAFKA_SECURITY_PROTOCOL": "SSL",
            "NOTYET_KAFKA_SSL_CA_FILE": str(self.directory / "ca.pem"),
            "NOTYET_KAFKA_SSL_CERT_FILE": str(self.directory / f"{user}.pem"),
            "NOTYET_KAFKA_SSL_KEY_FILE": str(self.directory / f"{user}.key"),
        }


@contextmanager
def secured_broker(directory: Path) -> Iterator[SecuredBroker]:
    """Lends a broker that lets in its administrator and one user for each role."""
    passwords = {user: secrets.token_hex(12) for user in USERS}
    write_certificates(directory, USERS)
    ports = free_ports(4)
    settings = _settings(directory, passwords, ports)
    broker = ApacheKafka(
        directory / "kafka", ports[0], settings=settings, users=passwords, short_lived=True
    )
    broker.start()
    try:
        scram, plain, token, certificate = (f"{HOST}:{port}" for port in ports)
        yield SecuredBroker(passwords, scram, plain, token, certificate, directory)
    finally:
        broker.stop()


def unsigned_token(user: str) -> str:
    """Returns a token that this broker believes, as it asks for no signature."""

    def part(claims: Mapping[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    now = time.time()
    return f"{part({'alg': 'none'})}.{part({'sub': user, 'iat': now, 'exp': now + 600})}."


def write_certificates(directory: Path, users: tuple[str, ...]) -> None:
    """Writes `ca.pem`, and beside it a certificate and a key for the broker and each user."""
    authority = Authority()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "ca.pem").write_bytes(authority.certificate)
    for name in ("broker", *users):
        made = authority.certify(name, HOST)
        (directory / f"{name}.pem").write_bytes(made.certificate)
        (directory / f"{name}.key").write_bytes(made.key)
        (directory / f"{name}.both").write_bytes(made.key + made.certificate)


def _settings(directory: Path, passwords: Mapping[str, str], ports: list[int]) -> dict[str, str]:
    names = ("SCRAM", "PLAIN", "TOKEN", "CERTIFICATE")
    addresses = ",".join(f"{name}://{HOST}:{port}" for name, port in zip(names, ports, strict=True))
    controller = f"{HOST}:{free_ports(1)[0]}"
    known = " ".join(f'user_{user}="{password}"' for user, password in passwords.items())
    return {
        "controller.quorum.bootstrap.servers": controller,
        "listeners": f"{addresses},CONTROLLER://{controller}",
        "advertised.listeners": addresses,
        "listener.security.protocol.map": (
            "SCRAM:SASL_PLAINTEXT,PLAIN:SASL_SSL,TOKEN:SASL_SSL,CERTIFICATE:SSL,"
            "CONTROLLER:PLAINTEXT"
        ),
        "inter.broker.listener.name": "SCRAM",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        # Nobody but the broker itself comes without a name, to the controller.
        "super.users": f"User:{ADMIN};User:ANONYMOUS",
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.scram-sha-512.sasl.jaas.config": (
            f"{_MODULES}.scram.ScramLoginModule required"
            f' username="{ADMIN}" password="{passwords[ADMIN]}";'
        ),
        "listener.name.plain.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.plain.plain.sasl.jaas.config": (
            f"{_MODULES}.plain.PlainLoginModule required {known};"
        ),
        "listener.name.token.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.token.oauthbearer.sasl.jaas.config": (
            f"{_MODULES}.oauthbearer.OAuthBearerLoginModule required"
            ' unsecuredLoginStringClaim_sub="broker";'
        ),
        "listener.name.certificate.ssl.client.auth": "required",
        "listener.name.certificate.ssl.principal.mapping.rules": "RULE:^CN=(.*)$/$1/",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(directory / "broker.both"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(directory / "ca.pem"),
    }
