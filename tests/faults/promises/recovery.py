"""How soon it is well again, and that it ends well."""

from statistics import median

from tests.faults.history import Story
from tests.faults.promises.verdict import Verdict

READY_WITHIN_SECONDS = 30
GRACE_SECONDS = 20
BACK_TO = 0.95
ENOUGH_EVENTS = 2000
"""With shorter bursts than that it is the machine's noise that would be judged."""


def ready_in_time(story: Story) -> Verdict:
    """However much stands in quarantine by then, and in the lists of what is set aside."""
    verdict = Verdict("All are ready within 30 seconds of the last fault, and at the end")
    for ready in story.of("ready"):
        late = f"{ready['when']}: it took {ready['seconds']:.0f} seconds; {ready['trouble']}"
        verdict.case(None if ready["seconds"] <= READY_WITHIN_SECONDS else late)
    return verdict


def as_fast_as_anew(story: Story) -> Verdict:
    """No fault has left a process slower than one that starts with what is recorded by then.

    A busy machine moves a burst by a tenth: it is enough that one of several is as fast.
    """
    verdict = Verdict("Throughput from Kafka to the record is back to 95 %")
    bursts = story.of("burst")
    if all(burst["events"] >= ENOUGH_EVENTS for burst in bursts):
        after, anew = max(throughput(story, "after")), median(throughput(story, "anew"))
        fault = f"{after:.0f} a second, and {anew:.0f} by processes that were started anew"
        verdict.case(None if after >= BACK_TO * anew else fault)
    return verdict


def throughput(story: Story, name: str) -> list[float]:
    """Returns the events a second of each burst of a name."""
    bursts = [burst for burst in story.of("burst") if burst["name"] == name]
    return [burst["events"] / burst["seconds"] for burst in bursts]


def a_restore_is_noticed(story: Story) -> Verdict:
    verdict = Verdict("After a restore nothing leaves until an operator lets it")
    for line in story.of("restored"):
        verdict.case(None if line["held"] else "nothing was put on hold")
        verdict.case(f"{line['left']} messages left before" if line["left"] else None)
        verdict.case(None if line["released"] else "it could not be released")
    return verdict


def ends_when_asked(story: Story) -> Verdict:
    verdict = Verdict("Asked to end, every process does so well within its grace period")
    for line in story.of("ended"):
        well = line["code"] == 0 and line["seconds"] < GRACE_SECONDS
        verdict.case(None if well else f"{line['name']}: {line['code']}, {line['seconds']:.0f} s")
    return verdict
