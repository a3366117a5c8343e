"""How fast a backlog leaves after an outage, and what becomes of what is too late by then."""

from bisect import bisect_left

from tests.faults.history import Story
from tests.faults.promises.verdict import Verdict

MESSAGES_PER_SECOND = 50
"""What each notifier of a campaign may send."""
REPLICAS = 2
SPAN_SECONDS = 10
AT_ONCE = 20
"""How many may have been let go already, and held up behind that, by each notifier."""


def a_backlog_leaves_at_its_pace(story: Story) -> Verdict:
    """In no ten seconds leaves more than the rate allows; what missed its windows says why."""
    verdict = Verdict("A backlog leaves at the rate allowed, and what is too late expires")
    offered = sorted(line["data_at"][0] for line in story.of("mail") if line.get("data_at"))
    starts = sorted(
        line["at"]
        for line in story.faults("kill", "notifier's tables restored")
        if line.get("target", "notifier").startswith("notifier")
    )
    allowed = REPLICAS * (MESSAGES_PER_SECOND * (SPAN_SECONDS + 1) + AT_ONCE)
    for number, at in enumerate(offered):
        count = number + 1 - bisect_left(offered, at - SPAN_SECONDS)
        # Whoever starts anew may send as much as in a second at once.
        started = bisect_left(starts, at) - bisect_left(starts, at - 2 * SPAN_SECONDS)
        most = allowed + started * MESSAGES_PER_SECOND
        verdict.case(f"{count} mails in {SPAN_SECONDS} seconds" if count > most else None)
    for row in story.rows("messages"):
        if row["state"] == "expired":
            verdict.case(None if row["because"] else f"{row['message_id']} expired in silence")
    return verdict
