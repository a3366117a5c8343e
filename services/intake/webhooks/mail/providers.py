"""The providers of mail that are configured, by the name in the address that they call."""

from collections.abc import Mapping

from services.intake.mail.certificates import KeptCertificates
from services.intake.settings import Settings
from services.intake.webhooks.mail.mailgun import Mailgun
from services.intake.webhooks.mail.postmark import Postmark
from services.intake.webhooks.mail.provider import MailProvider
from services.intake.webhooks.mail.sendgrid import SendGrid
from services.intake.webhooks.mail.ses import AmazonSes
from services.intake.webhooks.mail.sns import SnsTopics, fetch
from shared.runtime.postgres import Database


def providers(settings: Settings, database: Database) -> Mapping[str, MailProvider]:
    """Returns those that there is something to believe by."""
    found: dict[str, MailProvider] = {}
    if settings.ses_topics:
        found["ses"] = AmazonSes(SnsTopics(settings.ses_topics, fetch, KeptCertificates(database)))
    if settings.sendgrid_public_key:
        found["sendgrid"] = SendGrid(settings.sendgrid_public_key)
    if settings.mailgun_signing_key:
        found["mailgun"] = Mailgun(settings.mailgun_signing_key.get_secret_value())
    if settings.postmark_webhook_password:
        found["postmark"] = Postmark(settings.postmark_webhook_password.get_secret_value())
    return found
