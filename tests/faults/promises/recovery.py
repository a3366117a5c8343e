"""How soon it is well again."""

from tests.faults.history import Story
from tests.faults.promises.verdict import Verdict

READY_WITHIN_SECONDS = 30


def ready_in_time(story: Story) -> Verdict:
    verdict = Verdict("All services are ready within 30 seconds of the last fault")
    seconds = story.one("ready")["seconds"]
    verdict.case(None if seconds <= READY_WITHIN_SECONDS else f"it took {seconds:.0f} seconds")
    return verdict
