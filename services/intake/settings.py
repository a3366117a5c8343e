"""What intake is configured with."""

from ipaddress import ip_network
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from services.intake.applicants.domain.identity import IdentityHash, normal_email
from services.intake.applicants.domain.receiving import Receiving
from services.intake.privacy.jurisdictions import SHIPPED, Jurisdictions
from services.intake.shortlists.domain import Employer
from services.intake.vacancies.domain import SourcePolicy, domain_of
from services.intake.webhooks.mail.sendgrid import public_key_of
from shared.contract.business_hours import Hours
from shared.runtime.environment import Names
from shared.runtime.former_keys import FormerKeys, revealed
from shared.runtime.patches.http_limits import HttpLimits
from shared.runtime.settings import LinkSettings

RETENTION_MONTHS = 24
MOST_MONTHS = 1200
"""A century: what is longer would lead before the first year there is."""


class Settings(LinkSettings):
    identity_key: SecretStr
    """At least 32 random bytes: by it people are recognised, those who were erased too."""
    identity_keys_former: FormerKeys = ()
    """Keys from before a rotation, the newest first. Kept for good: nobody can be hashed anew who
    was erased."""
    http_host: str = "127.0.0.1"
    """The address that the API and the pages are served at; our image sets 0.0.0.0."""
    http_port: int = Field(default=8080, ge=0, le=65535)
    """The port of the same."""
    http_proxies: Names = frozenset()
    """Networks of our own proxies, such as 10.0.0.0/8: they alone say from where, and whether by
    TLS, a request came."""
    http_connections_per_address: int = Field(default=100, ge=1)
    """How many connections one address may hold open; those of the proxies are not counted."""
    address_requests_per_minute: int = Field(default=12_000, ge=1)
    """How many requests one address may make to the API and the web hooks together. Of this and the
    two below each process counts its own, and a minute's worth may come at once."""
    key_requests_per_minute: int = Field(default=6_000, ge=1)
    """How many requests may come with one API key; a batch is one."""
    source_calls_per_minute: int = Field(default=12_000, ge=1)
    """How many genuine web hooks may come for one source: more than whoever clears up an archive
    causes at once, for not every system goes on repeating what was refused."""
    retention_months: int = Field(default=RETENTION_MONTHS, ge=1, le=MOST_MONTHS)
    """After so long without any human contact a person leaves the record, or sooner where the law
    of their country says so."""
    jurisdictions_file: Path | None = None
    """What the law of each country says of how long people are kept, in the form of
    `services/intake/privacy/jurisdictions.toml`, which holds if this is left out."""
    twilio_auth_token: SecretStr | None = None
    """What Twilio signs its callbacks with; without it every callback is refused."""

    ses_topics: Names = frozenset()
    """The ARNs of the Amazon SNS topics that may tell of our mails; every other one is refused."""
    sendgrid_public_key: str | None = None
    """What SendGrid's signed event webhook shows as its verification key."""
    mailgun_signing_key: SecretStr | None = None
    """What Mailgun signs its webhooks with."""
    postmark_webhook_password: SecretStr | None = None
    """What Postmark, which signs nothing, is to send as the password of its webhooks."""

    lmtp_host: str = "127.0.0.1"
    """The address at which your own mail server hands over mail for the mail-in domain; our image
    sets 0.0.0.0."""
    lmtp_port: int | None = Field(default=None, ge=0, le=65535)
    """The port of the same, which the mail-in domain needs; without both, no mail is taken."""
    webhook_networks: Names = frozenset()
    """Private networks, such as 10.0.0.0/8, in which systems may be called with what became of
    their applicants; otherwise only public addresses are."""

    burst_rejections: int = Field(default=500, ge=0)
    """Of how many rejections by one source's web hooks within an hour the operators are warned."""
    pool_sources: Names = frozenset()
    """The systems, by source, whose vacancies may search everybody; `*` for all. Any other one is
    told only of people whom it has turned down itself, by what it told of them."""
    recruiting_email: str | None = None
    """Who is sent shortlists, and hears that somebody would like to talk, where a vacancy names no
    recruiter: none does that comes by the web hook of a hiring system."""
    recruiter_domains: Names = frozenset()
    """At which domains recruiters' addresses may be, such as `hartmann.example`; empty for any."""

    @model_validator(mode="after")
    def _has_addresses(self) -> Self:
        if self.lmtp_port is not None and not self.mail_in_domain:
            raise ValueError("mail comes to the addresses of a domain: set NOTYET_MAIL_IN_DOMAIN")
        if self.mail_in_domain and self.lmtp_port is None:
            raise ValueError(
                "nobody would take the mail for NOTYET_MAIL_IN_DOMAIN, and what people answer would"
                " be lost: set NOTYET_LMTP_PORT, or no domain, here and for the notifier"
            )
        return self

    @field_validator("http_proxies", "webhook_networks")
    @classmethod
    def _are_networks(cls, given: frozenset[str]) -> frozenset[str]:
        for network in given:
            ip_network(network, strict=False)
        return given

    @field_validator("jurisdictions_file")
    @classmethod
    def _says_how_long(cls, given: Path | None) -> Path | None:
        if given:
            try:
                Jurisdictions.read(given, MOST_MONTHS)
            except OSError as error:
                raise ValueError(f"cannot be read: {error.strerror}") from None
        return given

    @field_validator("sendgrid_public_key")
    @classmethod
    def _is_a_key(cls, given: str | None) -> str | None:
        if given:
            public_key_of(given)
        return given

    @field_validator("recruiting_email")
    @classmethod
    def _is_an_address(cls, given: str | None) -> str | None:
        if given and not (given := normal_email(given)):
            raise ValueError("write an address such as jobs@hartmann.example")
        return given

    @field_validator("recruiter_domains")
    @classmethod
    def _are_domains(cls, given: frozenset[str]) -> frozenset[str]:
        addresses = {domain: normal_email(f"somebody@{domain}") for domain in given}
        if wrong := sorted(domain for domain, address in addresses.items() if address is None):
            raise ValueError(f"write domains such as hartmann.example, not {', '.join(wrong)}")
        return frozenset(domain_of(address) for address in addresses.values() if address)

    def http_limits(self) -> HttpLimits:
        """Returns how much a stranger can make the public door hold."""
        return HttpLimits(
            connections_per_address=self.http_connections_per_address,
            proxies=sorted(self.http_proxies),
        )

    def source_policy(self) -> SourcePolicy:
        """Returns what the systems may do that tell of vacancies."""
        return SourcePolicy(self.pool_sources, self.recruiter_domains)

    def receiving(self) -> Receiving:
        """Returns what of an upstream system's events may count."""
        return Receiving(self.employer_country, self.retention_months, self.source_policy())

    def jurisdictions(self) -> Jurisdictions:
        """Returns how long people are kept, and what outlives them."""
        return Jurisdictions.read(self.jurisdictions_file or SHIPPED, self.retention_months)

    def employer(self) -> Employer:
        """Returns the employer as invitations name it, and where its day counts."""
        hours = Hours((self.employer_time_zone,), self.employer_country)
        return Employer(self.employer_name, hours)

    def identity(self) -> IdentityHash:
        """Returns what recognises people, under the current key and all former ones."""
        key = self.identity_key.get_secret_value()
        return IdentityHash(key, revealed(self.identity_keys_former))
