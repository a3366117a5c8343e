"""What operators see of intake; nothing here tells who anybody is."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.intake.applicants.domain.identity_resolution import Resolution
from services.intake.applicants.domain.normalisation import NormalisedEvent
from services.intake.applicants.joining import Regrouped


class IntakeMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.recorded = Counter(
            "notyet_intake_recorded_events",
            "Applicants' events recorded",
            ["type"],
            registry=registry,
        )
        self.left_out = Counter(
            "notyet_intake_left_out_values",
            "Parts of good events that could not be read or used",
            ["part"],
            registry=registry,
        )
        self.joined = Counter(
            "notyet_intake_joined_people",
            "Applicants found to be one with somebody else, or no longer",
            registry=registry,
        )
        self.erased = Counter(
            "notyet_intake_erased_people",
            "People who left the record",
            ["because"],
            registry=registry,
        )
        self.unread_replies = Gauge(
            "notyet_intake_unread_replies",
            "People who wrote something that a human has still to read",
            registry=registry,
        )
        self.unheard_interests = Gauge(
            "notyet_intake_unheard_interests",
            "Yeses, and gaps that people say they have closed, that nobody recruits to hear of",
            registry=registry,
        )
        self.unreachable_people = Gauge(
            "notyet_intake_unreachable_people",
            "People who are owed an answer, with no address or number that it can go to",
            registry=registry,
        )
        self.mails = Counter(
            "notyet_intake_mails",
            "Mails that came back to ours, by what they were",
            ["what"],
            registry=registry,
        )
        self.deliveries = Counter(
            "notyet_intake_deliveries",
            "Deliveries of other systems, by what became of them",
            ["source", "state"],
            registry=registry,
        )
        self.waiting_deliveries = Gauge(
            "notyet_intake_waiting_deliveries",
            "Deliveries that are yet to be read",
            ["source"],
            registry=registry,
        )
        self.asking_deliveries = Gauge(
            "notyet_intake_asking_deliveries",
            "Deliveries whose system is yet to be asked what they are about",
            ["source"],
            registry=registry,
        )
        self.refused_tokens = Gauge(
            "notyet_intake_refused_tokens",
            "Whether a system does not take the token any more by which it is read",
            ["source"],
            registry=registry,
        )
        self.untranslatable_deliveries = Gauge(
            "notyet_intake_untranslatable_deliveries",
            "Deliveries that cannot be read, and wait for somebody who mends that",
            ["source"],
            registry=registry,
        )
        self.resumes = Counter(
            "notyet_intake_resumes",
            "Files of résumés that other systems named, by what came of them",
            ["source", "outcome"],
            registry=registry,
        )
        self.burst_rejections = Gauge(
            "notyet_intake_rejections_within_an_hour",
            "Rejections that other systems delivered within the last hour",
            ["source"],
            registry=registry,
        )
        self.refused_deliveries = Counter(
            "notyet_intake_refused_deliveries",
            "Calls for a source that were not believed",
            ["source"],
            registry=registry,
        )
        self.outgoing = Counter(
            "notyet_intake_outgoing",
            "What systems were told of their applicants, by what became of each try",
            ["source", "state"],
            registry=registry,
        )
        self.waiting_outgoing = Gauge(
            "notyet_intake_waiting_outgoing",
            "What systems are yet to be told of their applicants",
            ["source"],
            registry=registry,
        )
        self.given_up_outgoing = Gauge(
            "notyet_intake_given_up_outgoing",
            "What systems did not take of what they were told, and are told no more",
            ["source"],
            registry=registry,
        )
        self.disabled_endpoints = Gauge(
            "notyet_intake_disabled_endpoints",
            "Endpoints of systems that are called no more",
            ["source"],
            registry=registry,
        )
        self.group_events = Histogram(
            "notyet_intake_group_events",
            "Events that requests committed together",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
            registry=registry,
        )
        self.request_seconds = Histogram(
            "notyet_intake_request_duration_seconds",
            "Time from a request's arrival to its answer",
            ["route", "status"],
            registry=registry,
        )

    def count(
        self,
        normalised: Sequence[NormalisedEvent],
        resolution: Resolution,
        regrouped: Regrouped,
    ) -> None:
        """Counts what a batch has done."""
        for one in normalised:
            self.recorded.labels(one.event.type).inc()
            for part in one.entry.facts.get("leftOut", ()) if one.entry else ():
                self.left_out.labels(part["field"].partition(".")[0]).inc()
        self.joined.inc(len(resolution.merged) + len(regrouped.moved))
        self.erased.labels("request").inc(len(resolution.erased))
