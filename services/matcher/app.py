"""Puts the matcher together."""

from services.matcher.finding import Finder
from services.matcher.handlers import Handlers
from services.matcher.metrics import SearchMetrics
from services.matcher.ranking.lexical import Lexical
from services.matcher.reading import Index, Reading
from services.matcher.runs import Runs
from services.matcher.settings import Settings
from shared.contract.topics import (
    CANDIDATES,
    CONTACTS,
    NOTIFICATIONS,
    PROFILES,
    RESPONSES,
    VACANCIES,
)
from shared.runtime.clock import Clock
from shared.runtime.service import Service


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Gives the matcher, ready to be run."""
    service = Service("matcher", settings, clock=clock)
    database = service.database
    ranker = Lexical()
    index = Index(database, ranker)
    finder = Finder(database, index, settings)
    runs = Runs(database, finder, ranker, SearchMetrics(service.metrics.registry))
    handlers = Handlers(settings)
    service.consume(VACANCIES, handlers.on_vacancies)
    service.consume(CANDIDATES, handlers.on_candidates)
    service.consume(PROFILES, handlers.on_profiles)
    service.consume(CONTACTS, handlers.on_contacts)
    service.consume(RESPONSES, handlers.on_responses)
    service.consume(NOTIFICATIONS, handlers.on_notifications)
    service.every(0.2, Reading(database).run_once, name="reading", machine_time=True)
    service.every(5, index.run_once, name="index", machine_time=True)
    service.every(0.2, runs.run_once, name="searches", machine_time=True)
    return service
