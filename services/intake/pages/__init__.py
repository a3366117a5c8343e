"""The pages behind the links in our messages, for candidates and for recruiters."""

from collections.abc import Collection

from fastapi import APIRouter

from services.intake.access.corrections import Dialling
from services.intake.consent.numbers import StoppedNumbers
from services.intake.pages import (
    address,
    candidate,
    home,
    interest,
    lost_link,
    record,
    reference,
    reply,
    short_link,
    shortlist,
    unsubscribe,
)
from services.intake.pages.context import PageContext
from services.intake.pages.rendering import Pages
from services.intake.privacy.erasure import Erasure
from services.intake.shortlists.domain import Employer
from services.intake.vacancies.domain import SourcePolicy
from shared.runtime.clock import Clock
from shared.runtime.links import Links
from shared.runtime.postgres import Database


def routes(
    database: Database,
    clock: Clock,
    links: Links,
    erasure: Erasure,
    numbers: StoppedNumbers,
    *,
    employer: Employer,
    policy: SourcePolicy,
    text_countries: Collection[str],
) -> APIRouter:
    """Makes the routes of all pages; `text_countries` is empty where no text messages are sent."""
    context = PageContext(database, clock, links, erasure, numbers, Pages(employer.name))
    router = APIRouter(include_in_schema=False)
    router.include_router(home.routes(context))
    router.include_router(reference.routes(context))
    router.include_router(short_link.routes(context))
    router.include_router(candidate.routes(context))
    router.include_router(unsubscribe.routes(context))
    router.include_router(record.routes(context, Dialling(employer.hours.country, text_countries)))
    router.include_router(address.routes(context))
    router.include_router(shortlist.routes(context, employer, policy))
    router.include_router(lost_link.routes(context, employer.hours.country))
    router.include_router(interest.routes(context, policy))
    router.include_router(reply.routes(context))
    return router
