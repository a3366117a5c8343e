"""What operators see of the plan."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class PlanMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.due_lag = Gauge(
            "notyet_scheduler_due_lag_seconds",
            "How long the earliest planned contact has been due",
            registry=registry,
        )
        self.emitted = Counter(
            "notyet_scheduler_emitted", "What became due, by kind", ["kind"], registry=registry
        )
        self.withdrawn = Counter(
            "notyet_scheduler_withdrawn",
            "Contacts withdrawn after they were emitted, by reason",
            ["because"],
            registry=registry,
        )
        self.expired = Counter(
            "notyet_scheduler_expired",
            "People planned for anew because something was past its expiry",
            registry=registry,
        )
        self.unanswered = Gauge(
            "notyet_scheduler_unanswered_applications",
            "Applications left without an answer for longer than promised",
            registry=registry,
        )
