"""Puts intake together: the one place where its parts meet."""

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

import asyncpg
from fastapi import APIRouter, FastAPI

from services.intake import pages
from services.intake.access.reading import forget_unverified
from services.intake.api import routes as api
from services.intake.api.openapi import describe
from services.intake.api.reading import Reading
from services.intake.applicants.domain.normalisation import Normaliser
from services.intake.applicants.domain.receiving import Receiving
from services.intake.applicants.handlers import Recorder
from services.intake.applicants.jobs import Heartbeats, count_unreachable
from services.intake.applicants.republishing import republish
from services.intake.consent.numbers import StoppedNumbers
from services.intake.deliveries.apis import Apis
from services.intake.deliveries.asking import Asking
from services.intake.deliveries.jobs import DeliveryJobs
from services.intake.deliveries.looking import Looking
from services.intake.deliveries.recording import Recording
from services.intake.deliveries.search import searched_deliveries
from services.intake.deliveries.store import Arrival
from services.intake.deliveries.understanding import Understanding
from services.intake.ingestion.jobs import forget_requests
from services.intake.ingestion.store import HttpAnswer
from services.intake.ingestion.submissions import Ingestion, Submission, batched
from services.intake.interests.desk import keep_desk
from services.intake.interests.jobs import count_unheard
from services.intake.interests.recording import end_unanswered
from services.intake.keys.authentication import ApiKeys
from services.intake.mail.certificates import forget_certificates
from services.intake.mail.jobs import forget_mail_tokens
from services.intake.mailbox.door import Door
from services.intake.mailbox.mailbox import Mailbox
from services.intake.messages.handlers import on_notifications
from services.intake.messages.jobs import forget_short_links
from services.intake.metrics import IntakeMetrics
from services.intake.outgoing.hooks import Hooks
from services.intake.outgoing.jobs import OutgoingJobs
from services.intake.outgoing.notes import NoteWriter
from services.intake.outgoing.sending import Sending
from services.intake.pages import refusals
from services.intake.pages.rendering import Pages
from services.intake.privacy import store
from services.intake.privacy.domain.quarantine_search import marks
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.jobs import PrivacyJobs
from services.intake.privacy.outliving import Outliving
from services.intake.replies.jobs import count_unread
from services.intake.resumes.fetching import Fetching
from services.intake.resumes.files import Files
from services.intake.settings import Settings
from services.intake.shortlists.handlers import keep_shortlists
from services.intake.shortlists.jobs import ask_in_turn, forget_shortlists
from services.intake.sources.door import SourceDoor
from services.intake.vacancies.handlers import VacancyRecorder
from services.intake.vacancies.jobs import VacancyJobs
from services.intake.web import problems
from services.intake.web.rate_limits import RateLimits
from services.intake.web.request_telemetry import RequestTelemetry
from services.intake.web.security_headers import SecurityHeaders
from services.intake.webhooks import route as webhooks
from services.intake.webhooks.mail import route as mail
from services.intake.webhooks.mail.providers import providers as mail_providers
from services.intake.webhooks.sms import route as sms
from services.intake.webhooks.sms.providers import providers as sms_providers
from shared.contract.topics import (
    APPLICATIONS,
    MATCHES,
    NOTIFICATIONS,
    RECIPIENTS,
    VACANCIES,
    Topic,
)
from shared.runtime.batcher import Batcher
from shared.runtime.clock import Clock
from shared.runtime.service import Service

HOUR = 3600.0
GATHERING_SECONDS = 0.25
"""Deliveries gather until none came for so long, as a round costs almost as much for one; and while
calls go on coming, they are answered first."""


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Makes the service, ready to be started."""
    service = Service("intake", settings, clock=clock)
    metrics = IntakeMetrics(service.metrics.registry)
    identity = settings.identity()
    laws = settings.jurisdictions()
    outliving = Outliving(settings.seal(), laws)
    erasure = Erasure(service.quarantine.marker, identity, outliving)
    vacancies = VacancyRecorder(settings.source_policy())
    normaliser = Normaliser(identity, settings.employer_country)
    numbers = StoppedNumbers(identity)
    recorder = Recorder(normaliser, erasure, numbers, metrics, vacancies)
    ingestion = Ingestion(service.database, recorder, vacancies, service.clock, metrics)
    batcher = batched(ingestion)

    receiving = settings.receiving()
    service.consume(APPLICATIONS, recorder.record_all, receive=receiving.receive)
    service.consume(VACANCIES, vacancies.record)
    service.consume(NOTIFICATIONS, on_notifications)
    service.consume(MATCHES, keep_shortlists)
    service.on_stop(batcher.stop)
    understanding = Understanding(service.quarantine, receiving, identity)
    recording = Recording(service.database, ingestion, understanding, metrics)
    door = SourceDoor(service.database, settings.seal(), metrics)
    service.every(5, door.note_refusals, name="refused deliveries", machine_time=True)
    limits = RateLimits.of(settings)
    keep = _deliveries(service, settings, recording, metrics)
    hooks = webhooks.routes(door, limits, service.quarantine, keep, service.clock)
    public = _public(service, settings, erasure, numbers, batcher, receiving, limits, hooks)
    app = RequestTelemetry(public, metrics)
    secured = SecurityHeaders(app, settings.public_url)
    service.serve(secured, settings.http_host, settings.http_port, settings.http_limits())
    _take_mail(service, settings, metrics)
    privacy = PrivacyJobs(service.database, erasure, laws, metrics)
    _schedule(service, settings, privacy, metrics)
    named_in = partial(marks, identity=identity, marker=service.quarantine.marker)
    service.search_quarantine_by(named_in, store.is_known, [searched_deliveries(named_in)])
    _republish_with(service, vacancies)
    return service


def _take_mail(service: Service, settings: Settings, metrics: IntakeMetrics) -> None:
    """Opens the door for mail where there is one."""
    if settings.lmtp_port is None or settings.mail_in_domain is None:
        return
    domain = settings.mail_in_domain
    mailbox = Mailbox(service.database, service.clock, settings.links(), domain, metrics)
    door = Door(mailbox, settings.lmtp_host, settings.lmtp_port)
    service.on_start(door.open)
    service.on_stop(door.close)


def _deliveries(
    service: Service, settings: Settings, recording: Recording, metrics: IntakeMetrics
) -> Batcher[Arrival, None]:
    """Schedules what is done with deliveries as they come, and returns what keeps them."""
    database, quarantine = service.database, service.quarantine
    record = service.every(
        1, recording.run, name="deliveries", machine_time=True, gathering=GATHERING_SECONDS
    )
    apis = Apis(database, settings.seal(), service.clock)
    _outgoing(service, settings, apis, metrics)
    asking = Asking(database, quarantine, apis, service.clock, record)
    ask = service.every(1, asking.run, name="hints", machine_time=True)
    looking = Looking(database, quarantine, apis, record)
    service.every(10, looking.run, name="listings", machine_time=True)
    files = Files()
    fetching = Fetching(database, quarantine, apis, files, metrics, record)
    service.every(1, fetching.run, name="resumes", machine_time=True)
    service.on_stop(files.close)
    service.on_stop(apis.close)

    deliveries = webhooks.kept_together(database, record, ask)
    service.on_stop(deliveries.stop)
    return deliveries


def _outgoing(service: Service, settings: Settings, apis: Apis, metrics: IntakeMetrics) -> None:
    """Schedules what is told to other systems of what became of their applicants."""
    notes = NoteWriter(apis, ZoneInfo(settings.employer_time_zone))
    hooks = Hooks(settings.webhook_networks)
    sending = Sending(service.database, settings.seal(), hooks, notes, metrics)
    sending.wake = service.every(1, sending.run, name="outgoing", machine_time=True)
    service.on_stop(sending.stop)
    jobs = OutgoingJobs(service.database, metrics)
    service.every(10, jobs.measure, name="measures of outgoing", machine_time=True)
    service.every(HOUR, jobs.forget, name="old outgoing", machine_time=True)


def _public(
    service: Service,
    settings: Settings,
    erasure: Erasure,
    numbers: StoppedNumbers,
    batcher: Batcher[Submission, HttpAnswer | None],
    receiving: Receiving,
    limits: RateLimits,
    hooks: APIRouter,
) -> FastAPI:
    """Makes what the public sees: the pages, the callbacks and `/v1`."""
    database, clock = service.database, service.clock
    links = settings.links()
    keys = ApiKeys(database, clock.now, limits)
    reading = Reading(database, keys, settings.identity(), clock)
    context = api.ApiContext(keys, batcher, clock, receiving, reading)
    heard = sms_providers(settings)
    app = FastAPI(
        title="Not Yet",
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # A redirect would be made of the Host header, which anybody can write.
        redirect_slashes=False,
        # The span of a request is made around it, for less than FastAPI's own costs.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    # Routes are tried one after the other: those come first that are called most at once.
    app.include_router(hooks)
    app.include_router(api.routes(context))
    app.include_router(
        sms.routes(
            database,
            clock,
            numbers,
            heard,
            public_url=settings.public_url,
            employer=settings.employer_name,
        )
    )
    app.include_router(mail.routes(database, clock, mail_providers(settings, database)))
    app.include_router(
        pages.routes(
            database,
            clock,
            links,
            erasure,
            numbers,
            employer=settings.employer(),
            policy=settings.source_policy(),
            text_countries=settings.text_countries if any(heard.values()) else (),
        )
    )
    describe(app)
    problems.install(app, refusals.page_of(links, Pages(settings.employer_name)))
    return app


def _schedule(
    service: Service, settings: Settings, privacy: PrivacyJobs, metrics: IntakeMetrics
) -> None:
    """Schedules what intake does of its own accord."""
    database = service.database
    heartbeats = Heartbeats(database, service.partitions_of(RECIPIENTS))
    vacancies = VacancyJobs(database, settings.retention_months)
    service.every(2, heartbeats.write, name="heartbeats", machine_time=True)
    service.every(HOUR, privacy.forget_people, name="retention")
    service.every(HOUR, privacy.let_go, name="holds that are over")
    unverified = partial(forget_unverified, database)
    service.every(HOUR, unverified, name="unverified addresses")
    service.every(HOUR, partial(forget_requests, database), name="old requests")
    service.every(HOUR, vacancies.forget_vacancies, name="old vacancies")
    service.every(HOUR, vacancies.forget_recruiters, name="old recruiters")
    service.every(HOUR, partial(forget_shortlists, database), name="old shortlists")
    service.every(5, partial(ask_in_turn, database, settings.employer()), name="turns")
    service.every(HOUR, partial(forget_short_links, database), name="old short links")
    tokens = partial(forget_mail_tokens, database)
    service.every(HOUR, tokens, name="old mail tokens", machine_time=True)
    certificates = partial(forget_certificates, database)
    service.every(HOUR, certificates, name="old certificates", machine_time=True)
    service.every(HOUR, partial(keep_desk, database, settings), name="recruiting desk")
    service.every(HOUR, partial(end_unanswered, database), name="unanswered interests")
    deliveries = DeliveryJobs(database, metrics, settings.burst_rejections)
    service.every(10, deliveries.measure, name="measures of deliveries")
    service.every(HOUR, deliveries.forget, name="old deliveries")
    unread = partial(count_unread, database, metrics)
    service.every(10, unread, name="unread replies", machine_time=True)
    unheard = partial(count_unheard, database, metrics)
    service.every(60, unheard, name="unheard interests", machine_time=True)
    unreachable = partial(count_unreachable, database, metrics)
    service.every(600, unreachable, name="unreachable people", machine_time=True)


def _republish_with(service: Service, vacancies: VacancyRecorder) -> None:
    async def again(conn: asyncpg.Connection, topic: Topic, keys: Sequence[str]) -> None:
        await republish(conn, topic, keys, service.clock.now(), vacancies)

    service.restate_with(again)
