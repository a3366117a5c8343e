"""What a source that lies did to those that do not: nothing."""

from collections import defaultdict

from tests.faults.ask import HONEST, applicant_in, family_name, person_in
from tests.faults.history import Line, Story
from tests.faults.liar import NAME, TITLE
from tests.faults.promises.doors import erased_people
from tests.faults.promises.verdict import Verdict


def nobody_is_renamed(story: Story) -> Verdict:
    """Whoever the first source turned down has their own name and address, in both rooms."""
    verdict = Verdict("A source renames and redirects nobody of another one")
    theirs = [row for row in story.rows("claims") if row["source"] in HONEST]
    honest = {row["candidate_id"] for row in theirs}
    known = [row for row in story.rows("addressed") if row["recipient_id"] in honest]
    for row in (*theirs, *known):
        verdict.case(None if _is_own(row) else f"{row['family']} at {row['emails']}")
    names = {row["recipient_id"]: row["family"] for row in known}
    messages = {row["message_id"]: row for row in story.rows("messages")}
    for line in story.of("mail"):
        about = messages.get(line.get("message", ""), {})
        family = names.get(about.get("recipient_id", ""))
        # Of two whom their own source made one each is told of their application at their address.
        told = {person_in(family or ""), applicant_in(about.get("application_id") or "")}
        right = family is None or person_in(line["to"]) in told
        verdict.case(None if right else f"{line['message']} went to somebody else")
    return verdict


def nobody_is_joined(story: Story) -> Verdict:
    """No person is made of applicants whose names have nothing in common."""
    verdict = Verdict("A source joins nobody of another one to anybody")
    families: dict[str, set[str]] = defaultdict(set)
    for row in story.rows("claims"):
        families[row["candidate_id"]].add(row["family"])
    for candidate_id, names in families.items():
        verdict.case(f"{candidate_id} is {sorted(names)}" if len(names) > 1 else None)
    return verdict


def nobody_is_taken_away(story: Story) -> Verdict:
    """Whom the first source turned down and did not erase is in the record, once."""
    verdict = Verdict("A source erases nobody of another one")
    erased = erased_people(story, {"ok", "unknown"})
    held = [row["family"] for row in story.rows("claims") if row["source"] in HONEST]
    told = {
        ask["person"]
        for ask in story.of("asked")
        if ask["source"] in HONEST and (ask["what"], ask["result"]) == ("rejected", "ok")
    }
    for person in told - erased:
        times = held.count(family_name(person))
        verdict.case(None if times == 1 else f"{person} is there {times} times")
    return verdict


def vacancies_stay_their_own(story: Story) -> Verdict:
    """None of the first source's is closed, retitled or given another recruiter by the second."""
    verdict = Verdict("A source changes no vacancy and no recruiter of another one")
    reopened = {
        ask["id"].rpartition("-")[0]
        for ask in story.of("asked")
        if ask["source"] in HONEST and (ask["what"], ask["result"]) == ("reopened", "ok")
    }
    for row in (row for row in story.rows("vacancies") if row["source"] in HONEST):
        closed = row["status"] == "closed" and row["vacancy"] in reopened
        foreign = row["title"] == TITLE or any(
            NAME["givenName"] in recruiter for recruiter in row["recruiters"]
        )
        verdict.case(f"{row['vacancy']} is {row}" if closed or foreign else None)
    return verdict


def lists_name_only_their_own(story: Story) -> Verdict:
    """A vacancy of its own shows a source nobody whom it does not know itself."""
    verdict = Verdict("A source learns of nobody whom only another one turned down")
    known = {(row["source"], row["candidate_id"]) for row in story.rows("claims")}
    for row in story.rows("shown"):
        theirs = (row["source"], row["candidate_id"]) in known
        verdict.case(None if theirs else f"{row['source']} is shown somebody else's")
    return verdict


def _is_own(row: Line) -> bool:
    """Tells whether somebody of the first source is named and reached by one and the same name.

    Whoever has neither was named by nobody else either: what was said of them has been erased.
    """
    said = [row["family"] or "", *row["emails"]]
    if not any(said):
        return True
    return len({person_in(text) for text in said}) == 1 and person_in(said[0]) is not None
