"""Puts intake together: the one place where its parts meet."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
from fastapi import FastAPI

from services.intake import api, handlers, pages, problems
from services.intake.api.keys import ApiKeys
from services.intake.api.openapi import describe
from services.intake.clockwork import Clockwork
from services.intake.domain.hearing import Hearing
from services.intake.grouping import Grouping
from services.intake.metrics import IntakeMetrics
from services.intake.reception import Delivery, Reception
from services.intake.record import Recorder
from services.intake.restating import restate
from services.intake.settings import Settings
from services.intake.shortlists import keep_shortlists
from services.intake.store.requests import Answer
from services.intake.timing import Timed
from services.intake.webhooks import twilio
from shared.contract.topics import APPLICATIONS, MATCHES, NOTIFICATIONS, VACANCIES, Topic
from shared.runtime.clock import Clock
from shared.runtime.service import Service

HOUR = 3600.0


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Makes the service, ready to be started."""
    service = Service("intake", settings, clock=clock)
    metrics = IntakeMetrics(service.metrics.registry)
    identity = settings.identity()
    recorder = Recorder(Hearing(identity, settings.employer_country), metrics)
    reception = Reception(service.database, recorder, service.clock, metrics)
    grouping = Grouping(reception.receive)

    service.consume(APPLICATIONS, recorder.record)
    service.consume(VACANCIES, handlers.keep_vacancies)
    service.consume(NOTIFICATIONS, handlers.hear_of_messages)
    service.consume(MATCHES, keep_shortlists)
    service.on_start(grouping.start)
    service.on_stop(grouping.stop)
    app = Timed(_public(service, settings, grouping), metrics)
    service.serve(app, settings.http_host, settings.http_port)
    _wind_up(service, Clockwork(service.database, service.quarantine, identity, metrics), settings)
    return service


def _public(
    service: Service, settings: Settings, grouping: Grouping[Delivery, Answer | None]
) -> FastAPI:
    """Makes what the public sees: the pages, the callbacks and `/v1`."""
    database, clock = service.database, service.clock
    links = settings.links()
    doors = api.Doors(ApiKeys(database), grouping, clock, settings.employer_country)
    token = settings.twilio_auth_token
    app = FastAPI(
        title="Not Yet", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None
    )
    app.include_router(api.routes(doors))
    app.include_router(
        twilio.routes(
            database,
            clock,
            auth_token=token.get_secret_value() if token else None,
            public_url=settings.public_url,
            help_text=settings.sms_help_text,
        )
    )
    app.include_router(pages.routes(database, clock, links, employer=settings.employer_name))
    describe(app)
    problems.install(app)
    return app


def _wind_up(service: Service, clockwork: Clockwork, settings: Settings) -> None:
    """Has done regularly what nobody asks for."""

    async def forget(now: datetime) -> bool:
        return await clockwork.forget_people(now, settings.retention_months)

    async def say_again(conn: asyncpg.Connection, topic: Topic, keys: Sequence[str]) -> None:
        await restate(conn, topic, keys, service.clock.now())

    service.every(2, clockwork.beat, name="heartbeats", machine_time=True)
    service.every(HOUR, forget, name="retention")
    service.every(10, clockwork.search_quarantine, name="quarantine search", machine_time=True)
    service.every(HOUR, clockwork.forget_requests, name="requests")
    service.restate_with(say_again)
