"""What the notifier is configured with."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.notifier.channels.sms_providers import SmsProvider
from shared.contract.mail_marks import MailProvider
from shared.runtime.former_keys import FormerKeys
from shared.runtime.settings import LinkSettings


class Settings(LinkSettings):
    suppression_key: SecretStr
    """At least 32 random bytes: by it addresses that are dead, or opted out, are recognised."""
    suppression_keys_former: FormerKeys = ()
    """Keys from before a rotation, the newest first; kept for as long as what was suppressed under
    them must stay so."""

    mail_from: str
    """The address that mail comes from, for readers and, as the return path, for servers."""
    mail_from_name: str | None = None
    """Whom mail comes from; the employer's name if left out."""
    mail_reply_to: str | None = None
    """Where replies go that no recruiter is known for; an address that a human reads."""
    mail_provider: MailProvider | None = None
    """Who carries our mail and calls intake with what became of it; then each mail is marked."""
    employer_postal_address: str = ""
    """Shown at the foot of each letter."""

    smtp_host: str
    """The mail server that takes our mail and carries it on."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    """Its port: mostly 587 for STARTTLS, and 465 for TLS from the start."""
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    """How the connection is kept private. Where STARTTLS is asked for and not offered, nothing is
    sent."""
    smtp_ca_file: Path | None = None
    """Whose certificates to believe instead of the system's authorities."""
    smtp_hello_name: str | None = None
    """The name that we greet the server by; this machine's own if left out."""
    smtp_username: str | None = None
    """For a login at the server, which is never sent in clear text."""
    smtp_password: SecretStr | None = None
    """For the same."""
    smtp_connections: int = Field(default=10, ge=1)
    """How many connections one process opens to the server at the most."""
    smtp_envelope_seconds: float = Field(default=20, gt=0)
    """How long connecting, and then naming sender and recipient, may each take."""
    smtp_answer_seconds: float = Field(default=60, gt=0)
    """How long the employer's own mail server may think about a body. RFC 5321 has ten minutes for
    servers one does not know; whoever gives up earlier has more messages in doubt."""

    sms_provider: SmsProvider | None = None
    """Who carries text messages; left out, none is sent. Intake has to hear the same one."""
    sms_account: str | None = None
    """The account there, such as Twilio's account SID."""
    sms_token: SecretStr | None = None
    """What the account logs in by, such as Twilio's auth token."""
    sms_sender: str | None = None
    """Whom text messages come from, as the provider takes it. By Twilio: a number in E.164, an
    alphanumeric sender, or the id of a messaging service (MG…)."""
    sms_base_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]")
    """What stands in for the provider's API; left out, it is the provider's own."""

    messages_per_second: int = Field(default=50, ge=1)
    """How many messages a second each process hands over, also from a backlog."""
    fresh_seconds: float = Field(default=10, gt=0)
    """How old our knowledge of consent may be; with older knowledge nothing is sent."""
    lease_seconds: float = Field(default=45, gt=0)
    """After how long another process takes up a message whose process has died."""
    retry_seconds: float = Field(default=60, gt=0)
    """Before the second try; doubled for each further one, shortened at random by up to half."""
    longest_retry_seconds: float = Field(default=3600, gt=0)
    """The longest wait between two tries."""
    shortlist_days: int = Field(default=7, ge=1)
    """For how long recruiters are still told of a shortlist."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        texting = (self.sms_provider, self.sms_account, self.sms_token, self.sms_sender)
        if any(texting) and not all(texting):
            raise ValueError(
                "text messages need all of NOTYET_SMS_PROVIDER, …_ACCOUNT, …_TOKEN and …_SENDER"
            )
        if self.smtp_username and self.smtp_tls == "none":
            raise ValueError("a login is never sent in clear text: set NOTYET_SMTP_TLS")
        return self
