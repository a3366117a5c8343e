"""Puts the notifier together."""

import ssl
from datetime import timedelta

from services.notifier.addresses import AddressHash
from services.notifier.channels import Carrier
from services.notifier.channels.allowed_numbers import AllowedNumbers
from services.notifier.channels.http_sms import ANSWER_SECONDS, Account
from services.notifier.channels.mime import Composer
from services.notifier.channels.sms_providers import CARRIERS
from services.notifier.channels.smtp import Server, Smtp
from services.notifier.circuit_breaker import CircuitBreakers
from services.notifier.dispatcher import Dispatcher, Pace
from services.notifier.domain import Backoff
from services.notifier.gauges import Gauges
from services.notifier.handlers import Handlers
from services.notifier.metrics import MessageMetrics
from services.notifier.readiness import obstacles
from services.notifier.rendering.renderer import Employer, Renderer
from services.notifier.restore_guard import RestoreGuard
from services.notifier.retention import Retention
from services.notifier.send_queue import SendQueue, Timeouts
from services.notifier.settings import Settings
from services.notifier.shortlist_notices import ShortlistNotices
from services.notifier.store import recipients
from shared.contract.business_hours import Hours
from shared.contract.events.people import Channel
from shared.contract.topics import CONTACTS, MATCHES, NOTIFICATIONS, RECIPIENTS, RESPONSES
from shared.runtime.clock import Clock
from shared.runtime.former_keys import revealed
from shared.runtime.service import Service


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Returns the notifier, ready to be run."""
    service = Service("notifier", settings, clock=clock)
    database, metrics = service.database, MessageMetrics(service.metrics.registry)
    hashed = AddressHash(
        settings.suppression_key.get_secret_value(), revealed(settings.suppression_keys_former)
    )
    ways = _carriers(settings)
    queue = SendQueue(database, service.clock, hashed, ways, _timeouts(settings), metrics)
    guard = RestoreGuard(database, settings, service.partitions_of(NOTIFICATIONS))
    breakers = CircuitBreakers(metrics, ways)
    dispatcher = Dispatcher(
        queue,
        guard.caught_up,
        ways,
        _renderer(settings).render,
        service.clock,
        _pace(settings),
        metrics,
        breakers,
    )
    marker = service.quarantine.marker
    shortlist_life = timedelta(days=settings.shortlist_days)
    handlers = Handlers(hashed, marker, shortlist_life, _here(settings), metrics)
    service.search_quarantine_by(marker.of_record, recipients.is_known)
    service.consume(
        RECIPIENTS,
        handlers.on_recipients,
        not_taken_in=handlers.on_recipients_not_taken_in,
    )
    service.consume(CONTACTS, handlers.on_contacts)
    service.consume(MATCHES, handlers.on_matches)
    service.consume(RESPONSES, handlers.on_responses)
    service.consume(NOTIFICATIONS, handlers.on_notifications, gather_seconds=0.25)
    dispatcher.on_room = service.every(
        0.2, dispatcher.send_due, name="send due messages", machine_time=True
    )
    notices, retention = ShortlistNotices(database, _here(settings)), Retention(database)
    service.every(0.5, notices.tell, name="tell recruiters", machine_time=True)
    database.on_commit.append(dispatcher.on_room)
    service.every(1, dispatcher.sweep, name="sweep messages", machine_time=True)
    service.every(600, retention.messages, name="forget messages", machine_time=True)
    service.every(600, retention.recipients, name="forget never read", machine_time=True)
    service.every(600, retention.shortlists, name="forget shortlists", machine_time=True)
    service.every(10, Gauges(database, metrics).refresh, name="gauges", machine_time=True)
    service.on_stop(dispatcher.stop)
    for name, notice in obstacles(database, queue, guard, breakers).items():
        service.notice(name, notice)
    return service


def _carriers(settings: Settings) -> dict[Channel, Carrier]:
    """Returns the ways out that there are: mail always, SMS where a provider is named."""
    ways: dict[Channel, Carrier] = {Channel.EMAIL: _smtp(settings)}
    provider, token = settings.sms_provider, settings.sms_token
    if provider and settings.sms_account and token and settings.sms_sender:
        account = Account(
            name=settings.sms_account,
            token=token.get_secret_value(),
            sender=settings.sms_sender,
            public_url=settings.public_url,
            base_url=settings.sms_base_url,
        )
        ways[Channel.SMS] = AllowedNumbers(CARRIERS[provider](account), settings.text_countries)
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
    composer = Composer(name, settings.mail_from, settings.mail_reply_to, settings.mail_provider)
    return Smtp(server, settings.mail_from, composer)


def _renderer(settings: Settings) -> Renderer:
    employer = Employer(
        name=settings.employer_name,
        postal_address=settings.employer_postal_address,
        country=settings.employer_country,
        time_zone=settings.employer_time_zone,
        reads_replies=bool(settings.mail_reply_to or settings.mail_in_domain),
        mail_domain=settings.mail_in_domain,
    )
    return Renderer(settings.links(), employer)


def _here(settings: Settings) -> Hours:
    return Hours((settings.employer_time_zone,), settings.employer_country)


def _timeouts(settings: Settings) -> Timeouts:
    return Timeouts(
        fresh_for=timedelta(seconds=settings.fresh_seconds),
        lease_seconds=settings.lease_seconds,
        # Longer than any channel waits: else what is still under way counts as left behind.
        attempt_seconds=2 * max(settings.smtp_answer_seconds, ANSWER_SECONDS) + 5,
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
