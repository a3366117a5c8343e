"""What came in: recorded once, whatever the order, and refused where it cannot be kept."""

from collections import defaultdict

from tests.faults.ask import DECIDING, HONEST
from tests.faults.history import Line, Story
from tests.faults.promises.verdict import Verdict

UNAVAILABLE = 503
TAKEN = {200, 202}
"""By a hook, and by the API."""


def recorded_once(story: Story) -> Verdict:
    """Each accepted decision had its effect once; one that was refused had none."""
    verdict = Verdict("What was accepted is recorded exactly once")
    times = {
        (row["application"], row["what"]): row["times"]
        for row in story.rows("recorded")
        if row["source"] in HONEST
    }
    erased = erased_people(story, {"ok", "unknown"})
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for application, decisions in _decisions(story).items():
        for ask, result in decisions:
            if ask["person"] not in erased:
                wanted[application, ask["what"]].append(result)
    for pair, results in wanted.items():
        least, most = results.count("ok"), len(results) - results.count("failed")
        found = times.get(pair, 0)
        verdict.case(None if least <= found <= most else f"{pair}: {found}, of {results}")
    return verdict


def order_makes_no_difference(story: Story) -> Verdict:
    """The later decision by source time holds, in whatever order and how often they came."""
    verdict = Verdict("The order of events makes no difference to the record")
    found = {
        row["application"]: row["status"]
        for row in story.rows("applications")
        if row["source"] in HONEST
    }
    erased = erased_people(story, {"ok", "unknown"})
    surely_erased = erased_people(story, {"ok"})
    for application, decisions in _decisions(story).items():
        person = decisions[0][0]["person"]
        status = found.get(application)
        if person in surely_erased:
            verdict.case(f"{application} was erased and is {status}" if status else None)
        elif person not in erased:
            allowed = _possible(decisions)
            verdict.case(None if status in allowed else f"{application}: {status}, not {allowed}")
    return verdict


def accepts_without_broker(story: Story) -> Verdict:
    """While the broker is away, what comes over HTTP is accepted all the same."""
    verdict = Verdict("HTTP accepts while the broker is away")
    outages = [(line["since"] + 0.5, line["at"]) for line in story.faults("broker away")]
    kills = [line["at"] for line in story.faults("kill", "postgres away")]
    for since, until in outages:
        answers = [answer for began, answer, _ in _posts(story) if since <= began < until]
        disturbed = any(since - 8 < at < until for at in kills)
        taken = any(answer in TAKEN for answer in answers)
        verdict.case(None if taken or disturbed or not answers else f"{since}: {set(answers)}")
    return verdict


def refuses_without_database(story: Story) -> Verdict:
    """While PostgreSQL is away nothing is accepted, and a 503 says when to come again."""
    verdict = Verdict("HTTP answers 503 with Retry-After while PostgreSQL is away")
    outages = [(line["down"], line["up"]) for line in story.faults("postgres away")]
    for began, answer, retry_after in _posts(story):
        away = any(down <= began < up - 0.3 for down, up in outages)
        if answer == UNAVAILABLE:
            verdict.case(None if retry_after else f"{began}: 503 without Retry-After")
        elif away and isinstance(answer, int) and answer // 100 in (2, 5):
            verdict.case(f"{began}: {answer} without a database")
    return verdict


def looking_changes_nothing(story: Story) -> Verdict:
    verdict = Verdict("Opening every link with GET and HEAD changes nothing")
    for line in story.of("unchanged"):
        if line["what"] == "links opened":
            verdict.cases += line["came"]
            # That somebody looked at a shortlist is itself kept.
            changed = set(line["changed"]) - {"intake.audit_entries"}
            verdict.case(f"changed: {sorted(changed)}" if changed else None)
    return verdict


def forgeries_change_nothing(story: Story) -> Verdict:
    verdict = Verdict("A forged or repeated callback changes nothing")
    for line in story.of("unchanged"):
        if line["what"].startswith("callback"):
            right = (line["came"] == 403) == (line["what"] == "callback forged")
            same = not line["changed"]
            verdict.case(
                None if same and right else f"{line['what']}: {line['came']}, {line['changed']}"
            )
    return verdict


def same_key_same_answer(story: Story) -> Verdict:
    verdict = Verdict("An Idempotency-Key gives its answer again, and refuses another body")
    for line in story.of("same key"):
        same = line["first"] == line["again"] and line["first"][0] == 202
        verdict.case(None if same else f"{line['first'][0]}, then {line['again'][0]}")
        verdict.case(None if line["other"] == 409 else f"another body: {line['other']}")
    return verdict


def erased_people(story: Story, results: set[str]) -> set[int]:
    """Returns those whose erasure ended like this."""
    return {
        told[0]["person"]
        for told in _by_event(story).values()
        if told[0]["what"] == "erased" and _result(told) in results
    }


def _decisions(story: Story) -> dict[str, list[tuple[Line, str]]]:
    """Returns what was decided of each application, and how the deliveries of each ended."""
    events = _by_event(story)
    known = {line["person"] for told in events.values() for line in told if _makes_known(line)}
    decisions: dict[str, list[tuple[Line, str]]] = defaultdict(list)
    for told in events.values():
        if told[0]["what"] in DECIDING:
            result = _result(told)
            # What a hook says of somebody who is not known waits until they are.
            waits = told[0]["person"] not in known and result == "ok"
            decisions[told[0]["application"]].append((told[0], "unknown" if waits else result))
    return decisions


def _makes_known(line: Line) -> bool:
    """Tells whether somebody is in the record for this delivery alone."""
    return bool(line["result"] == "ok" and (line["what"] == "rejected" or line["door"] != "hook"))


def _possible(decisions: list[tuple[Line, str]]) -> set[str | None]:
    """Returns what may hold: the latest that is sure, or a later one that is not."""
    ordered = sorted(decisions, key=lambda pair: (pair[0]["time"], pair[0]["id"]), reverse=True)
    possible: set[str | None] = set()
    for ask, result in ordered:
        if result != "failed":
            possible.add(ask["what"])
        if result == "ok":
            return possible
    return possible | {None}


def _by_event(story: Story) -> dict[str, list[Line]]:
    """Returns what honest sources told: whoever lies about their people is judged apart."""
    asks: dict[str, list[Line]] = defaultdict(list)
    for ask in story.of("asked"):
        if ask["source"] in HONEST:
            asks[ask["id"]].append(ask)
    return asks


def _result(told: list[Line]) -> str:
    """Joins how the deliveries of one event ended."""
    results = {ask["result"] for ask in told}
    return next(result for result in ("ok", "unknown", "failed") if result in results)


def _posts(story: Story) -> list[list[object]]:
    return [each for ask in story.of("asked") if ask["door"] != "kafka" for each in ask["tries"]]
