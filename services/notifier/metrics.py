"""What operators see of the messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.contract.events.people import Channel


class MessageMetrics:
    """The notifier's own metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ended = Counter(
            "notyet_notifier_messages",
            "Messages by the end they came to",
            ["channel", "end", "because"],
            registry=registry,
        )
        self.put_off = Counter(
            "notyet_notifier_put_off_messages",
            "Messages that have to wait, by what for",
            ["because"],
            registry=registry,
        )
        self.try_seconds = Histogram(
            "notyet_notifier_try_seconds",
            "Time one try took with the other side",
            ["channel", "result"],
            registry=registry,
        )
        self.waiting = Gauge(
            "notyet_notifier_waiting_messages",
            "Messages under way, by state; `due` are those pending whose time has come",
            ["state"],
            registry=registry,
        )
        self.oldest_due_seconds = Gauge(
            "notyet_notifier_oldest_due_seconds",
            "How long the message that waits longest has been due",
            registry=registry,
        )
        self.obstructed = Gauge(
            "notyet_notifier_obstructed",
            "1 while nothing may be sent, by what is in the way",
            ["because"],
            registry=registry,
        )
        self.channel_paused = Gauge(
            "notyet_notifier_channel_paused",
            "1 while the other side of a channel cannot be used, until the next try is due",
            ["channel"],
            registry=registry,
        )

        self.unread_recipients = Gauge(
            "notyet_notifier_unread_recipients",
            "People nothing is sent to because a state of theirs could not be taken in",
            registry=registry,
        )
        self.not_understood = Counter(
            "notyet_notifier_not_understood_events",
            "Events with a member of an enumeration that this version does not know, by field",
            ["field"],
            registry=registry,
        )

    def count(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Counts messages by their rows, once each has come to an end or has to wait."""
        for row in rows:
            because = row["because"] or ""
            if row["ended_at"]:
                channel = Channel(row["channel"] or row["channels"][0])
                shown = channel if channel.is_known else "unknown"
                self.ended.labels(shown, row["state"], because).inc()
            else:
                self.put_off.labels(because).inc()
