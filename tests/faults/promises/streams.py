"""What the topics hold: everything, in order, and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from shared.contract.events.contacts import ContactDue, ContactWithdrawn
from shared.contract.events.payload import stable_id
from shared.contract.topics import (
    ALL,
    APPLICATIONS,
    CONTACTS,
    NOTIFICATIONS,
    PROFILES,
    RECIPIENTS,
    Topic,
)
from tests.faults.compaction import MOST_OF_A_KEY, PEOPLE
from tests.faults.history import Line, Story
from tests.faults.poison import BROKEN
from tests.faults.promises.verdict import Verdict
from tests.faults.sabotage import PLANTED


def poison_is_set_aside(story: Story) -> Verdict:
    """The quarantine holds each broken record once, with the reason, and no other."""
    verdict = Verdict("The quarantine holds exactly the poison that was sent, and says why")
    lines = story.records(APPLICATIONS.name)
    sent = {_place(line) for line in lines if line["key"].startswith("poison")}
    naming = {_place(line) for line in lines if line["key"] == BROKEN}
    rows = [row for row in story.rows("quarantine") if row["topic"] != PLANTED]
    held = [_place(row) for row in rows]
    for place in sent:
        verdict.case(None if held.count(place) == 1 else f"{place}: {held.count(place)} times")
    for place in set(held) - sent - naming:
        verdict.case(f"{place} is good, and was set aside")
    for row in rows:
        named = row["reason"] not in ("failed", "refused")
        verdict.case(None if named else f"{_place(row)}: {row['reason']}")
    return verdict


def _place(line: Line) -> tuple[str, int, int]:
    return line["topic"], line["partition"], line["offset"]


def nothing_is_left_unread(story: Story) -> Verdict:
    verdict = Verdict("Lag is zero, and no outbox holds anything back")
    stored = {
        (row["service"], row["topic"], row["partition"]): row["next_offset"]
        for row in story.rows("offsets")
    }
    ends = {(line["topic"], line["partition"]): line["offset"] for line in story.of("end")}
    for topic in ALL:
        for service in topic.consumers:
            for number in range(topic.partitions):
                lag = ends[topic.name, number] - stored.get((service, topic.name, number), 0)
                # intake's heartbeats go on while the facts are written down.
                late = lag > 0 and topic is not RECIPIENTS
                verdict.case(f"{service} {topic.name} {number}: {lag}" if late else None)
    verdict.case(None if story.one("outboxes")["waiting"] <= 6 else "an outbox is not empty")
    return verdict


def offsets_only_grow(story: Story) -> Verdict:
    """Nobody who was paused has put a stored offset back."""
    verdict = Verdict("A process that was paused puts nothing back")
    reached: dict[str, int] = defaultdict(int)
    for sample in story.of("sample"):
        for place, offset in sample["offsets"].items():
            before, reached[place] = reached[place], offset
            verdict.case(f"{place} went from {before} to {offset}" if offset < before else None)
    return verdict


def repetitions_are_equal(story: Story) -> Verdict:
    verdict = Verdict("An event that was published twice is the same to the byte")
    known: dict[tuple[str, str, str], tuple[str, str]] = {}
    for line in story.of("record"):
        if (line["source"] or "").startswith("/notyet/"):
            identity = (line["topic"], line["source"], line["id"])
            first = known.setdefault(identity, (line["key"], line["digest"]))
            same = first == (line["key"], line["digest"])
            verdict.case(None if same else f"{identity} is not what it was")
    return verdict


def states_are_in_order(story: Story) -> Verdict:
    """First occurrences are in order: versions grow, and a withdrawal follows what it is about."""
    verdict = Verdict("First occurrences are in order for each key")
    for topic in PEOPLE:
        newest: dict[str, int] = defaultdict(int)
        for line in _first_occurrences(story, topic):
            version = (line["body"] or {}).get("version")
            if version is None:
                continue
            before, newest[line["key"]] = newest[line["key"]], version
            verdict.case(f"{topic.name} {line['key']}: {version}" if version < before else None)
    due = set()
    for line in _first_occurrences(story, CONTACTS):
        if line["type"] == ContactDue.type:
            due.add(line["body"]["contactId"])
        elif line["type"] == ContactWithdrawn.type:
            contact = line["body"]["contactId"]
            verdict.case(None if contact in due else f"{contact} was withdrawn before it was due")
    return verdict


def newest_state_is_last(story: Story) -> Verdict:
    """What is last of each person is their newest state, or the tombstone."""
    verdict = Verdict("The last record of each key is its newest state")
    for topic in PEOPLE:
        _newest_is_last(verdict, story, topic, story.records(topic.name))
    return verdict


def compaction_keeps_the_newest(story: Story) -> Verdict:
    """Compaction leaves of each person their newest state, and of the erased nothing."""
    verdict = Verdict("Compaction leaves each newest state, and nothing of the erased")
    gone = {row["candidate_id"] for row in story.rows("former_candidates")}
    for topic in PEOPLE:
        left = [line for line in story.of("compacted") if line["topic"] == topic.name]
        _newest_is_last(verdict, story, topic, left)
        counts = Counter(line["key"] for line in left if not line["key"].startswith("heartbeat-"))
        for key, count in counts.items():
            verdict.case(f"{topic.name} {key}: {count} left" if count > MOST_OF_A_KEY else None)
        for line in left:
            if line["key"] in gone:
                verdict.case(f"{topic.name} {line['key']} is erased" if line["body"] else None)
    return verdict


def _newest_is_last(verdict: Verdict, story: Story, topic: Topic, lines: Sequence[Line]) -> None:
    living = {row["candidate_id"]: row["version"] for row in story.rows("candidates")}
    gone = {row["candidate_id"] for row in story.rows("former_candidates")}
    last = {line["key"]: line for line in lines}
    newest = _newest(lines) if topic is PROFILES else living
    for key, line in last.items():
        version = (line["body"] or {}).get("version")
        if key in gone:
            verdict.case(f"{topic.name} {key} still has a state" if line["body"] else None)
        elif key in living:
            right = version == newest[key]
            verdict.case(None if right else f"{topic.name} {key}: {version}, not {newest[key]}")
    for key in (key for key, version in living.items() if version and topic is not PROFILES):
        verdict.case(None if key in last else f"{topic.name} {key} was never published")


def every_end_is_told(story: Story) -> Verdict:
    """Each end of a message is on `notifications`, each emitted contact on `contacts`."""
    verdict = Verdict("Every change of state was published")
    told = {line["id"] for line in story.records(NOTIFICATIONS.name)}
    for row in story.rows("messages"):
        if row["ended_at"]:
            id_ = stable_id(row["message_id"], f"dev.notyet.message.{row['state']}.v1")
            verdict.case(None if id_ in told else f"{row['message_id']}: {row['state']} not told")
    due = {line["id"] for line in story.records(CONTACTS.name)}
    for row in story.rows("occasions"):
        if row["emitted_at"]:
            found = row["occasion_id"] in due
            verdict.case(None if found else f"occasion {row['occasion_id']} was not published")
    return verdict


def _newest(lines: Sequence[Line]) -> dict[str, int]:
    newest: dict[str, int] = defaultdict(int)
    for line in lines:
        version = (line["body"] or {}).get("version") or 0
        newest[line["key"]] = max(newest[line["key"]], version)
    return newest


def _first_occurrences(story: Story, topic: Topic) -> list[Line]:
    seen: set[str] = set()
    first = []
    for line in story.records(topic.name):
        if line["id"] not in seen:
            seen.add(line["id"])
            first.append(line)
    return first
