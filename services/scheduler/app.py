"""Puts the scheduler together."""

from services.scheduler.handlers import Handlers
from services.scheduler.jobs import Jobs
from services.scheduler.metrics import PlanMetrics
from services.scheduler.planner import Planner
from services.scheduler.settings import Settings
from shared.contract.topics import CANDIDATES, NOTIFICATIONS, RESPONSES
from shared.runtime.clock import Clock
from shared.runtime.service import Service


def build(settings: Settings, clock: Clock | None = None) -> Service:
    """Returns the scheduler, ready to be run."""
    service = Service("scheduler", settings, clock=clock)
    metrics = PlanMetrics(service.metrics.registry)
    planner = Planner(settings.policy, metrics)
    handlers = Handlers(planner)
    service.consume(CANDIDATES, handlers.on_candidates)
    service.consume(RESPONSES, handlers.on_responses)
    service.consume(NOTIFICATIONS, handlers.on_notifications)
    jobs = Jobs(service.database, planner, settings.policy, metrics, settings.emit_per_second)
    wake = service.every(1, jobs.emit, name="emission")
    service.database.on_commit.append(wake)
    service.every(1, jobs.revive, name="revival")
    service.every(600, jobs.purge, name="purge")
    service.every(5, jobs.measure, name="measures")
    return service
