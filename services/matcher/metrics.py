"""What operators see of the searches."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class SearchMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.seconds = Histogram(
            "notyet_matcher_search_seconds",
            "Time from a search's claim to its commit",
            registry=registry,
        )
        self.waiting = Gauge(
            "notyet_matcher_waiting_searches",
            "Searches that are due and that nobody makes yet; counted no further than a thousand",
            registry=registry,
        )
        self.pool = Gauge(
            "notyet_matcher_pool_people",
            "People who could be listed in the latest search of everybody",
            registry=registry,
        )
        self.shortlisted = Counter(
            "notyet_matcher_shortlisted_candidates",
            "Candidates shown to recruiters",
            registry=registry,
        )
        self.searches = Counter(
            "notyet_matcher_searches", "Searches by how they ended", ["state"], registry=registry
        )
