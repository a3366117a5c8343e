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


def as_fast_as_before(story: Story) -> Verdict:
    verdict = Verdict("Throughput from Kafka to the record is back to 95 %")
    bursts = story.of("burst")
    if all(burst["events"] >= ENOUGH_EVENTS for burst in bursts):
        before, after = throughput(story, "before"), throughput(story, "after")
        fault = f"{after:.0f} a second after {before:.0f}"
        verdict.case(None if after >= BACK_TO * before else fault)
    return verdict


def throughput(story: Story, name: str) -> float:
    """Returns the events a second of the median burst, before the faults or after them."""
    bursts = [burst for burst in story.of("burst") if burst["name"] == name]
    return float(median(burst["events"] / burst["seconds"] for burst in bursts))


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
