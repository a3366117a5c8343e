"""The dashboards: one for what people were promised, and one for each service."""

from deploy.observability.panels import (
    SERVICE_LABEL,
    Dashboard,
    Panel,
    lag,
    mean,
    now,
    rate,
    slow,
)

_EACH = SERVICE_LABEL

PROMISES = Dashboard(
    "promises",
    "Not Yet: what people were promised",
    [
        Panel(
            "Applications unanswered for too long",
            now("notyet_scheduler_unanswered_applications"),
            red_from=1,
        ),
        Panel("Due, not handed over", now("notyet_scheduler_due_lag_seconds"), "s", 300),
        Panel("Due, not sent", now("notyet_notifier_oldest_due_seconds"), "s", 900),
        Panel("Oldest event not published", now("notyet_outbox_oldest_seconds", _EACH), "s", 120),
        Panel("Events that a reader is behind", lag(f"{_EACH} topic"), red_from=10_000),
        Panel("Records set aside", now("notyet_quarantine_waiting_records", _EACH), red_from=1),
        Panel(
            "Who said stop is not known to be fresh",
            now("notyet_notifier_obstructed", because="recipients_stale"),
            "bool",
            1,
        ),
        Panel(
            "The clock is in doubt",
            now("notyet_notifier_obstructed", because="clock_doubtful"),
            "bool",
            1,
        ),
        Panel("All is on hold", now("notyet_notifier_obstructed", because="on_hold"), "bool", 1),
        Panel(
            "Messages that may or may not have arrived",
            now("notyet_notifier_waiting_messages", state="uncertain"),
            red_from=1,
        ),
        Panel(
            "People written nothing, unread",
            now("notyet_notifier_unread_recipients"),
            red_from=1,
        ),
        Panel("Replies nobody has read", now("notyet_intake_unread_replies"), red_from=1),
        Panel("Messages by end", rate("notyet_notifier_messages", "end"), "ops"),
        Panel("Messages by reason", rate("notyet_notifier_messages", "end because"), "ops"),
        Panel(
            "Messages put off, by reason",
            rate("notyet_notifier_put_off_messages", "because"),
            "ops",
        ),
    ],
)

INTAKE = [
    Panel("Events recorded", rate("notyet_intake_recorded_events", "type"), "ops"),
    Panel("Requests", rate("notyet_intake_request_duration_seconds", "status", of="count"), "ops"),
    Panel("Time of an answer, 95%", slow("notyet_intake_request_duration_seconds", "route"), "s"),
    Panel("Events committed together", mean("notyet_intake_group_events")),
    Panel("Parts that could not be read", rate("notyet_intake_left_out_values", "part"), "ops"),
    Panel("People erased", rate("notyet_intake_erased_people", "because"), "ops"),
    Panel("Applicants found to be one", rate("notyet_intake_joined_people"), "ops"),
    Panel("Replies nobody has read", now("notyet_intake_unread_replies")),
    Panel("Yeses nobody hears of", now("notyet_intake_unheard_interests")),
    Panel("People no answer can reach", now("notyet_intake_unreachable_people")),
    Panel("Mail that came back", rate("notyet_intake_mails", "what"), "ops"),
    Panel("Deliveries", rate("notyet_intake_deliveries", "source state"), "ops"),
    Panel("Résumés", rate("notyet_intake_resumes", "outcome"), "ops"),
    Panel("Hints not asked about yet", now("notyet_intake_asking_deliveries", "source")),
    Panel("Systems that refuse our token", now("notyet_intake_refused_tokens", "source")),
    Panel("Deliveries not read yet", now("notyet_intake_waiting_deliveries", "source")),
    Panel("Unreadable deliveries", now("notyet_intake_untranslatable_deliveries", "source")),
    Panel("Calls not believed", rate("notyet_intake_refused_deliveries", "source"), "ops"),
    Panel("Told to systems", rate("notyet_intake_outgoing", "source state"), "ops"),
    Panel("Not told yet", now("notyet_intake_waiting_outgoing", "source")),
    Panel("Not taken, and given up", now("notyet_intake_given_up_outgoing", "source")),
    Panel("Endpoints called no more", now("notyet_intake_disabled_endpoints", "source")),
    Panel("Rejected in an hour", now("notyet_intake_rejections_within_an_hour", "source")),
]

SCHEDULER = [
    Panel("Due, not handed over", now("notyet_scheduler_due_lag_seconds"), "s"),
    Panel("What became due", rate("notyet_scheduler_emitted", "kind"), "ops"),
    Panel("Withdrawn afterwards", rate("notyet_scheduler_withdrawn", "because"), "ops"),
    Panel("Planned anew, as time was over", rate("notyet_scheduler_expired"), "ops"),
    Panel("Unanswered for too long", now("notyet_scheduler_unanswered_applications")),
]

MATCHER = [
    Panel("People who could be listed", now("notyet_matcher_pool_people")),
    Panel("Searches that wait", now("notyet_matcher_waiting_searches")),
    Panel("Searches by how they ended", rate("notyet_matcher_searches", "state"), "ops"),
    Panel("Time of a search, 95%", slow("notyet_matcher_search_seconds"), "s"),
    Panel("Candidates shown", rate("notyet_matcher_shortlisted_candidates"), "ops"),
]

NOTIFIER = [
    Panel("Messages under way", now("notyet_notifier_waiting_messages", "state")),
    Panel("Messages by end", rate("notyet_notifier_messages", "channel end"), "ops"),
    Panel("Put off, by reason", rate("notyet_notifier_put_off_messages", "because"), "ops"),
    Panel("Due for", now("notyet_notifier_oldest_due_seconds"), "s"),
    Panel("Time of a try, 95%", slow("notyet_notifier_try_seconds", "channel result"), "s"),
    Panel("In the way of all", now("notyet_notifier_obstructed", "because"), "bool"),
    Panel("Channels paused", now("notyet_notifier_channel_paused", "channel"), "bool"),
    Panel("People written nothing, unread", now("notyet_notifier_unread_recipients")),
    Panel("Values not understood", rate("notyet_notifier_not_understood_events", "field"), "ops"),
]


def of_any_service(name: str) -> list[Panel]:
    """Returns what is measured in every service: its readers, its outbox and its jobs."""
    its = {SERVICE_LABEL: name}
    return [
        Panel("Events behind", lag("topic", **its)),
        Panel("Events read", rate("messaging_client_consumed_messages", "topic", **its), "ops"),
        Panel(
            "Time of a batch, 95%", slow("messaging_process_duration_seconds", "topic", **its), "s"
        ),
        Panel("Batches read again", rate("notyet_batch_retries", "topic", **its), "ops"),
        Panel("Repeated, dropped", rate("notyet_repeated_events", "topic", **its), "ops"),
        Panel("Set aside", rate("notyet_quarantined_events", "topic reason", **its), "ops"),
        Panel("Set aside, waiting", now("notyet_quarantine_waiting_records", "topic", **its)),
        Panel("Topics at rest", now("notyet_breaker_open", "topic", **its), "bool"),
        Panel("Of an unknown type", rate("notyet_unknown_events", "topic", **its), "ops"),
        Panel("Events published", rate("messaging_client_sent_messages", **its), "ops"),
        Panel("Waiting to be published", now("notyet_outbox_waiting_events", **its)),
        Panel("Oldest of these", now("notyet_outbox_oldest_seconds", **its), "s"),
        Panel("Refused by the broker", now("notyet_outbox_set_aside_events", **its)),
        Panel("Jobs failing for", now("notyet_job_failing_seconds", "exported_job", **its), "s"),
        Panel("Rows parked", now("notyet_parked_rows", "exported_job", **its)),
    ]


def _of(name: str, own: list[Panel]) -> Dashboard:
    return Dashboard(name, f"Not Yet: {name}", own + of_any_service(name))


DASHBOARDS = [
    PROMISES,
    _of("intake", INTAKE),
    _of("scheduler", SCHEDULER),
    _of("matcher", MATCHER),
    _of("notifier", NOTIFIER),
]
