"""What cannot be worked on: set aside, parked or refused by its name, and counted."""

from collections import Counter

from tests.faults.history import Story
from tests.faults.poison import BROKEN, NAMED
from tests.faults.promises.doors import erased_people
from tests.faults.promises.verdict import Verdict
from tests.faults.sabotage import PARKED_BECAUSE, PLANTED, PUBLISHED


def poison_is_refused(story: Story) -> Verdict:
    """The public door takes no moment that nobody can believe."""
    verdict = Verdict("HTTP refuses what a stream sets aside")
    for ask in story.of("asked"):
        if ask["door"] == "http" and ask["what"].startswith("poison"):
            answers = [answer for _, answer, _ in ask["tries"]]
            refused = answers[-1] in (400, 422) or not isinstance(answers[-1], int)
            taken = any(answer == 202 for answer in answers)
            verdict.case(None if refused and not taken else f"{ask['what']}: {answers}")
    return verdict


def what_is_broken_is_parked(story: Story) -> Verdict:
    """Each job got past the row that was broken for it, and said which one it was."""
    verdict = Verdict("A row that a job cannot work on is parked, or ends, with a reason")
    planted = {line["what"] for line in story.of("planted")} | {"vacancy"}
    parked = {(line["job"], line["reason"]) for line in story.of("parked")}
    for name, said in PARKED_BECAUSE.items():
        # In a short run there may be none to break at the moment of planting.
        if name in planted:
            verdict.case(None if said in parked else f"{name}: nothing was parked as {said}")
    set_aside = {(row["service"], row["reason"]) for row in story.rows("unpublished")}
    unopened = {row["service"] for row in story.rows("quarantine") if row["topic"] == PLANTED}
    for service in PUBLISHED:
        found = (service, "no_such_partition") in set_aside
        verdict.case(None if found else f"the outbox of {service} still holds it back")
        verdict.case(None if service in unopened else f"{service} lost what it could not open")
    told = [row for row in story.rows("messages") if row["shortlist_id"] == PLANTED]
    for row in told:
        verdict.case(None if row["because"] else f"a recruiter's message is {row['state']}")
    verdict.case(None if told else "no recruiter's message was made")
    return verdict


def what_waits_is_counted(story: Story) -> Verdict:
    """The gauges tell of as many as the tables hold."""
    verdict = Verdict("What is set aside or parked shows in the metrics")
    wanted = Counter(
        ("notyet_parked_rows", row["service"], row["job"]) for row in story.rows("parked")
    )
    wanted.update(
        ("notyet_quarantine_waiting_records", row["service"], row["topic"])
        for row in story.rows("quarantine")
    )
    wanted.update(
        ("notyet_outbox_set_aside_events", row["service"], "") for row in story.rows("unpublished")
    )
    shown: Counter[tuple[str, str, str]] = Counter()
    for line in story.of("gauge"):
        place = (line["name"], line["service"], line["of"])
        shown[place] = max(shown[place], line["value"])
    for place in wanted | shown:
        right = wanted[place] == shown[place]
        verdict.case(None if right else f"{place}: {shown[place]:.0f}, not {wanted[place]}")
    return verdict


def nothing_of_the_erased_is_set_aside(story: Story) -> Verdict:
    """A large broken record that names somebody erased does not outlast them."""
    verdict = Verdict("The quarantine holds no record that names somebody erased")
    held = {(row["topic"], row["partition"], row["offset"]) for row in story.rows("quarantine")}
    sent = [line for line in story.of("record") if line["key"] == BROKEN]
    for line in sent if NAMED in erased_people(story, {"ok"}) else []:
        place = (line["topic"], line["partition"], line["offset"])
        verdict.case(f"{place} is still there" if place in held else None)
    return verdict
