"""How every Kafka client of a process reaches the broker, and proves who it is.

One object gives the arguments of them all, so that none of them can be forgotten when a platform
asks for TLS, for a certificate of the client, for a password or for a token.
"""

import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from aiokafka.abc import AbstractTokenProvider
from pydantic import AfterValidator, SecretStr, model_validator

from shared.runtime.environment import EnvironmentSettings
from shared.runtime.kafka_certificates import CERT_FILE, KEY_FILE, KEY_PASSWORD, trust

if TYPE_CHECKING:
    from faststream.security import BaseSecurity

_WITH_PASSWORD = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")

_ADDRESS = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})")


def _addresses(text: str) -> str:
    """Refuses what is no list of addresses: a client would look for it for ever."""
    for address in text.split(","):
        found = _ADDRESS.fullmatch(address.strip())
        if found is None or not 0 < int(found[1]) <= 65535:
            raise ValueError(f"write HOST:PORT, several with commas between; not {address!r}")
    return text


class KafkaSettings(EnvironmentSettings):
    """Settings of a process that talks to Kafka."""

    kafka_bootstrap_servers: Annotated[str, AfterValidator(_addresses)]
    """`HOST:PORT` of one broker, or of several with commas between."""
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """Whether connections are encrypted (SSL), and whether we log in (SASL)."""
    kafka_sasl_mechanism: (
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None
    ) = None
    """How we log in, where the protocol is one with SASL."""
    kafka_sasl_username: str | None = None
    """For PLAIN and SCRAM."""
    kafka_sasl_password: SecretStr | None = None
    """For PLAIN and SCRAM."""
    kafka_sasl_token_file: Path | None = None
    """Holds the token for OAUTHBEARER; read anew for each connection, as platforms renew it."""
    kafka_ssl_ca_file: Path | None = None
    """Whose certificates to believe instead of the system's authorities."""
    kafka_ssl_cert_file: Path | None = None
    """The client's own certificate, where the broker asks for one."""
    kafka_ssl_key_file: Path | None = None
    """The key of that certificate, where it does not stand in the same file."""
    kafka_ssl_key_password: SecretStr | None = None
    """What opens a locked key."""

    def kafka_client(self) -> dict[str, Any]:
        """Returns the arguments with which aiokafka's own clients connect."""
        arguments = {
            "bootstrap_servers": self.kafka_bootstrap_servers,
            "security_protocol": self.kafka_security_protocol,
            "ssl_context": self._trust(),
        }
        if self.kafka_sasl_mechanism is None:
            return arguments
        return {
            **arguments,
            "sasl_mechanism": self.kafka_sasl_mechanism,
            "sasl_plain_username": self.kafka_sasl_username,
            "sasl_plain_password": _revealed(self.kafka_sasl_password),
            "sasl_oauth_token_provider": self._token(),
        }

    def kafka_broker(self) -> dict[str, Any]:
        """Returns the arguments with which FastStream's broker connects."""
        return {
            "bootstrap_servers": self.kafka_bootstrap_servers,
            "security": self._security(),
            "sasl_oauth_token_provider": self._token(),
        }

    def _security(self) -> "BaseSecurity":
        from faststream import security

        context = self._trust()
        if self.kafka_sasl_mechanism is None:
            return security.BaseSecurity(ssl_context=context)
        if self.kafka_sasl_mechanism == "OAUTHBEARER":
            return security.SASLOAuthBearer(ssl_context=context)
        login = {
            "PLAIN": security.SASLPlaintext,
            "SCRAM-SHA-256": security.SASLScram256,
            "SCRAM-SHA-512": security.SASLScram512,
        }[self.kafka_sasl_mechanism]
        password = _revealed(self.kafka_sasl_password) or ""
        return login(self.kafka_sasl_username or "", password, ssl_context=context)

    def _trust(self) -> ssl.SSLContext | None:
        if not self.kafka_security_protocol.endswith("SSL"):
            return None
        return trust(
            self.kafka_ssl_ca_file,
            self.kafka_ssl_cert_file,
            self.kafka_ssl_key_file,
            _revealed(self.kafka_ssl_key_password),
        )

    def _token(self) -> AbstractTokenProvider | None:
        return _MountedToken(self.kafka_sasl_token_file) if self.kafka_sasl_token_file else None

    @model_validator(mode="after")
    def _kafka_settings_go_together(self) -> Self:
        self._check_login()
        self._check_certificates()
        return self

    def _check_login(self) -> None:
        mechanism, by_login = self.kafka_sasl_mechanism, "SASL" in self.kafka_security_protocol
        password = self.kafka_sasl_username and self.kafka_sasl_password
        given = mechanism or self.kafka_sasl_username or self.kafka_sasl_password
        if not by_login and (given or self.kafka_sasl_token_file):
            raise ValueError(
                "a login at Kafka needs NOTYET_KAFKA_SECURITY_PROTOCOL=SASL_SSL"
                " (or SASL_PLAINTEXT, where nobody can listen)"
            )
        if by_login and mechanism is None:
            raise ValueError("set NOTYET_KAFKA_SASL_MECHANISM, or a security protocol without SASL")
        if mechanism in _WITH_PASSWORD and not password:
            raise ValueError(
                f"{mechanism} needs NOTYET_KAFKA_SASL_USERNAME and NOTYET_KAFKA_SASL_PASSWORD"
            )
        if (mechanism == "OAUTHBEARER") != (self.kafka_sasl_token_file is not None):
            raise ValueError("OAUTHBEARER and NOTYET_KAFKA_SASL_TOKEN_FILE need each other")
        if self.kafka_sasl_token_file and not self.kafka_sasl_token_file.is_file():
            raise ValueError(f"there is no token for Kafka at {self.kafka_sasl_token_file}")

    def _check_certificates(self) -> None:
        files = (self.kafka_ssl_ca_file, self.kafka_ssl_cert_file, self.kafka_ssl_key_file)
        if any(files) and not self.kafka_security_protocol.endswith("SSL"):
            raise ValueError(
                "certificates for Kafka need NOTYET_KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL"
            )
        if self.kafka_ssl_key_file and not self.kafka_ssl_cert_file:
            raise ValueError(f"{KEY_FILE} needs {CERT_FILE}")
        if self.kafka_ssl_key_password and not self.kafka_ssl_cert_file:
            raise ValueError(f"{KEY_PASSWORD} opens a key: set {KEY_FILE} and {CERT_FILE} too")
        self._trust()


class _MountedToken(AbstractTokenProvider):  # type: ignore[misc]
    """Reads the token that a platform keeps fresh in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def token(self) -> str:
        return self._path.read_text().strip()


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
