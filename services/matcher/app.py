"""Puts the matcher together."""

from dataclasses import dataclass

from services.matcher.handlers import Handlers
from services.matcher.index import Index
from services.matcher.indexing import INDEXING, Indexing
from services.matcher.metrics import SearchMetrics
from services.matcher.newcomer_search import NewcomerSearch
from services.matcher.pool_search import PoolSearch
from services.matcher.ranking.lexical import Lexical
from services.matcher.retention import Retention
from services.matcher.search_jobs import SEARCHES, SearchJobs
from services.matcher.searcher import Searcher
from services.matcher.settings import Settings
from shared.contract.topics import (
    CANDIDATES,
    CONTACTS,
    NOTIFICATIONS,
    OPENINGS,
    PROFILES,
    RESPONSES,
)
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.service import Service


@dataclass(frozen=True)
class Search:
    """An index of everybody, and what searches by it."""

    index: Index
    searcher: Searcher


def build_search(database: Database, settings: Settings) -> Search:
    """Returns what makes searches on a database."""
    ranker = Lexical()
    index = Index(database, ranker)
    pool_search = PoolSearch(database, index, settings)
    newcomer_search = NewcomerSearch(database, ranker, settings)
    return Search(index, Searcher(database, pool_search, newcomer_search, ranker))


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Returns the matcher, ready to be run."""
    service = Service("matcher", settings, clock=clock)
    database = service.database
    search = build_search(database, settings)
    indexing = Indexing(database)
    jobs = SearchJobs(
        database, search.index, search.searcher, SearchMetrics(service.metrics.registry)
    )
    handlers = Handlers(settings)
    service.consume(OPENINGS, handlers.on_openings)
    service.consume(CANDIDATES, handlers.on_candidates)
    service.consume(PROFILES, handlers.on_profiles)
    service.consume(CONTACTS, handlers.on_contacts)
    service.consume(RESPONSES, handlers.on_responses)
    service.consume(NOTIFICATIONS, handlers.on_notifications)
    service.every(0.5, indexing.run_once, name=INDEXING, machine_time=True)
    service.every(5, search.index.run_once, name="index", machine_time=True)
    service.every(0.5, jobs.run_once, name=SEARCHES, machine_time=True)
    service.every(10, jobs.measure, name="measures", machine_time=True)
    service.every(3600, Retention(database).run_once, name="retention", machine_time=True)
    service.check("index", search.index.trouble)
    return service
