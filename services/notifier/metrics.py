"""What operators see of the messages."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class MessageMetrics:
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
            "1 while the other side of a channel cannot be used",
            ["channel"],
            registry=registry,
        )
