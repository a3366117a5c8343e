"""Puts the notifier together."""

import ssl
from datetime import timedelta

from services.notifier.addresses import AddressHash
from services.notifier.census import Census
from services.notifier.channels import Carrier
from services.notifier.channels.mime import Composer
from services.notifier.channels.smtp import Server, Smtp
from services.notifier.channels.twilio import Twilio
from services.notifier.delivery import Delivery, Pace
from services.notifier.domain import Backoff
from services.notifier.handlers import Handlers
from services.notifier.ledger import Ledger, Terms
from services.notifier.metrics import MessageMetrics
from services.notifier.readback import ReadBack
from services.notifier.recruiters import Recruiters
from services.notifier.rendering import Renderer, Sender
from services.notifier.settings import Settings
from shared.contract.events.people import Channel
from shared.contract.topics import CONTACTS, MATCHES, NOTIFICATIONS, RECIPIENTS, RESPONSES
from shared.runtime.clock import Clock
from shared.runtime.former_keys import revealed
from shared.runtime.service import Service


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Gives the notifier, ready to be run."""
    service = Service("notifier", settings, clock=clock)
    database, metrics = service.database, MessageMetrics(service.metrics.registry)
    hashed = AddressHash(
        settings.suppression_key.get_secret_value(), revealed(settings.suppression_keys_former)
    )
    ways = _carriers(settings)
    ledger = Ledger(database, service.clock, hashed, ways, _terms(settings), metrics)
    delivery = Delivery(
        ledger,
        ReadBack(database, settings).done,
        ways,
        _renderer(settings).render,
        service.clock,
        _pace(settings),
        metrics,
    )
    handlers = Handlers(hashed, timedelta(days=settings.shortlist_days), metrics)
    service.consume(RECIPIENTS, handlers.on_recipients)
    service.consume(CONTACTS, handlers.on_contacts)
    service.consume(MATCHES, handlers.on_matches)
    service.consume(RESPONSES, handlers.on_responses)
    service.consume(NOTIFICATIONS, handlers.on_notifications, gather_seconds=0.25)
    delivery.on_room = service.every(
        0.2, delivery.send_due, name="send due messages", machine_time=True
    )
    recruiters = Recruiters(database)
    service.every(0.5, recruiters.tell, name="tell recruiters", machine_time=True)
    database.on_commit.append(delivery.on_room)
    service.every(1, delivery.sweep, name="sweep messages", machine_time=True)
    service.every(3600, recruiters.forget, name="forget shortlists", machine_time=True)
    service.every(10, Census(database, metrics).take, name="census", machine_time=True)
    service.on_stop(delivery.stop)
    return service


def _carriers(settings: Settings) -> dict[Channel, Carrier]:
    """Gives the ways out that there are: mail always, SMS where an account is named."""
    ways: dict[Channel, Carrier] = {Channel.EMAIL: _smtp(settings)}
    if settings.twilio_account_sid and settings.twilio_auth_token and settings.twilio_sender:
        ways[Channel.SMS] = Twilio(
            base_url=settings.twilio_base_url,
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            sender=settings.twilio_sender,
            public_url=settings.public_url,
        )
    return ways


def _smtp(settings: Settings) -> Smtp:
    password = settings.smtp_password
    server = Server(
        host=settings.smtp_host,
        port=settings.smtp_port,
        trust=ssl.create_default_context(cafile=settings.smtp_ca_file),
        tls=settings.smtp_tls,
        greets_as=settings.smtp_hello_name,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        connections=settings.smtp_connections,
        envelope_seconds=settings.smtp_envelope_seconds,
        answer_seconds=settings.smtp_answer_seconds,
    )
    name = settings.mail_from_name or settings.employer_name
    composer = Composer(name, settings.mail_from, settings.mail_reply_to)
    return Smtp(server, settings.mail_from, composer)


def _renderer(settings: Settings) -> Renderer:
    sender = Sender(
        name=settings.employer_name,
        postal_address=settings.employer_postal_address,
        country=settings.employer_country,
        time_zone=settings.employer_time_zone,
    )
    return Renderer(settings.links(), sender)


def _terms(settings: Settings) -> Terms:
    return Terms(
        fresh_for=timedelta(seconds=settings.fresh_seconds),
        lease_seconds=settings.lease_seconds,
        attempt_seconds=2 * settings.smtp_answer_seconds + 5,
    )


def _pace(settings: Settings) -> Pace:
    return Pace(
        at_once=2 * settings.smtp_connections,
        per_second=settings.messages_per_second,
        backoff=Backoff(
            first=timedelta(seconds=settings.retry_seconds),
            longest=timedelta(seconds=settings.longest_retry_seconds),
        ),
    )
