"""What left: each contact once, never twice, never early, and with a known end."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from shared.contract.events.contacts import ContactDue
from shared.contract.events.purposes import LETTERS
from shared.contract.topics import CONTACTS
from tests.faults.ask import DECIDING, HONEST, applicant_in
from tests.faults.history import Line, Story
from tests.faults.plan import AFTER_THE_FAULTS
from tests.faults.promises.verdict import Verdict

LOST_IN_THE_BODY = {"hung up at body", "hung up at answer", "left in the body"}
"""How a conversation ends after which nobody can know whether the message arrived."""
PATIENCE_SECONDS = 5
"""For how long a notifier of a campaign waits for the answer to a body."""
UNDER_WAY_SECONDS = 8
"""From the envelope to the settlement, on a busy machine."""


def every_contact_has_one_effect(story: Story) -> Verdict:
    verdict = Verdict("Every contact that was due became one message")
    due = {
        line["body"]["contactId"]
        for line in story.records(CONTACTS.name)
        if line["type"] == ContactDue.type
    }
    rows = Counter(row["contact_id"] for row in story.rows("messages") if row["contact_id"])
    for contact in due:
        verdict.case(None if rows[contact] == 1 else f"{contact}: {rows[contact]} messages")
    for contact in rows.keys() - due:
        verdict.case(f"{contact} was never due")
    return verdict


def nothing_is_early(story: Story) -> Verdict:
    """Nothing is emitted before its time, nor sent outside the windows that it was given."""
    verdict = Verdict("Nothing is before its time, whatever the clock does")
    for row in story.rows("occasions"):
        if row["emitted_at"] and row["state"] != "withdrawn":
            early = row["emitted_at"] < row["due_at"]
            verdict.case(f"{row['occasion_id']} was emitted early" if early else None)
    for row in _attempted(story):
        # What was learnt from `notifications` after a restore knows no windows.
        inside = not row["windows"] or any(
            opens <= row["attempted_at"] < closes for opens, closes in row["windows"]
        )
        verdict.case(None if inside else f"{row['message_id']} left outside its windows")
    return verdict


def nothing_leaves_twice(story: Story) -> Verdict:
    """Of each message one body at most reaches a server that did not refuse it.

    Of each application one letter tells; and one more each time it was taken back and decided anew.
    """
    verdict = Verdict("No message leaves twice")
    bodies = Counter(
        line["message"]
        for line in story.of("mail")
        if "message" in line and line["end"] in {"accepted", *LOST_IN_THE_BODY}
    )
    bodies.update(line["message"] for line in story.of("text"))
    for message, count in bodies.items():
        verdict.case(f"{message}: {count} times" if count > 1 else None)
    letters = Counter(
        (row["recipient_id"], row["application_id"])
        for row in story.rows("messages")
        if row["purpose"] in LETTERS and row["state"] in ("sent", "uncertain")
    )
    anew = _decided_anew(story)
    for (recipient, application), count in letters.items():
        twice = count > 1 + anew[application]
        verdict.case(f"{recipient}, {application}: {count} letters" if twice else None)
    return verdict


def _decided_anew(story: Story) -> Counter[str]:
    """Counts, by the id it is told by, how often an application may have been turned down again."""
    published = {
        (row["source"], row["application"]): row["published"] for row in story.rows("applications")
    }
    decided: dict[tuple[str, str], set[tuple[float, str]]] = defaultdict(set)
    for ask in story.of("asked"):
        if ask["what"] in DECIDING and ask["result"] != "failed":
            decided[ask["source"], ask["application"]].add((ask["time"], ask["what"]))
    anew: Counter[str] = Counter()
    for key, said in decided.items():
        in_order = [what for _, what in sorted(said)]
        back = [place for place, what in enumerate(in_order) if what != "rejected"]
        again = sum(
            "rejected" in in_order[:place] and in_order[place + 1 : place + 2] == ["rejected"]
            for place in back
        )
        anew[published.get(key, key[1])] += again
    return anew


def every_message_ends(story: Story) -> Verdict:
    """Every message has one end, and what the server took is `sent`, or in doubt."""
    verdict = Verdict("Every message ends as sent, failed, dropped, expired or uncertain")
    now = story.one("end of run")["product"]
    arrived = _arrived(story)
    for row in story.rows("messages"):
        over = row["ended_at"] is not None or row["expires_at"] > now
        verdict.case(None if over else f"{row['message_id']} is still {row['state']}")
        if row["state"] == "sent":
            known = row["message_id"] in arrived
            verdict.case(None if known else f"{row['message_id']} is sent, but never arrived")
        elif row["state"] != "uncertain" and row["ended_at"]:
            lost = row["message_id"] in arrived
            verdict.case(f"{row['message_id']} arrived and is {row['state']}" if lost else None)
    return verdict


def doubt_has_a_reason(story: Story) -> Verdict:
    """A message is uncertain only where a fault hit between its attempt and the answer."""
    verdict = Verdict("Only a fault between body and answer leaves a message in doubt")
    traces: dict[str, list[Line]] = defaultdict(list)
    for line in story.of("mail"):
        if "message" in line:
            traces[line["message"]].append(line)
    texts = {line["message"]: datetime.fromisoformat(line["wall"]) for line in story.of("text")}
    for row in story.rows("messages"):
        if row["state"] == "uncertain":
            lines = traces[row["message_id"]]
            lost = any(line["end"] in LOST_IN_THE_BODY or _late(line) for line in lines)
            span = _under_way(lines, texts.get(row["message_id"]))
            known = lost or _struck(story, row, span)
            verdict.case(None if known else f"{row['message_id']}: {row['because']}")
    return verdict


def everybody_is_answered(story: Story) -> Verdict:
    """Whoever stands turned down has had a letter under way, one that came to an end.

    Not so who comes to a mailbox that stopped what another source told, and left, before: it is
    left in peace. A decision that the second source tells of too may be told by its application
    instead, also where that has been erased since; and they may have been one with somebody else,
    under whose id it left, and have been parted since.
    """
    verdict = Verdict("Everybody who was turned down is answered")
    before: dict[str, set[str]] = defaultdict(set)
    in_peace: set[str] = set()
    for record in story.of("record"):
        body = record["body"] or {}
        before[record["key"]].update(body.get("splitFrom", ()))
        channels = set(body.get("channels", ()))
        if body.get("version") == 1 and channels and channels <= set(body.get("stopped", ())):
            in_peace.add(record["key"])
    answered = {
        (row["recipient_id"], row["application_id"])
        for row in story.rows("messages")
        if row["purpose"] in LETTERS
    }
    told = {
        (row["candidate_id"], row["application"])
        for row in story.rows("applications")
        if any(
            (recipient, letter) in answered
            for recipient in (row["candidate_id"], *before[row["candidate_id"]])
            for letter in (row["published"], row["answered_with"])
        )
    }
    for row in story.rows("applications"):
        late = applicant_in(row["application"]) > AFTER_THE_FAULTS
        if row["source"] in HONEST and row["status"] == "rejected" and not late:
            heard = (row["candidate_id"], row["application"]) in told
            heard = heard or row["candidate_id"] in in_peace
            verdict.case(None if heard else f"{row['application']} heard nothing")
    return verdict


def _attempted(story: Story) -> list[Line]:
    return [row for row in story.rows("messages") if row["attempted_at"] and row["contact_id"]]


def _arrived(story: Story) -> set[str]:
    mails = {line["message"] for line in story.of("mail") if line["end"] == "accepted"}
    return mails | {line["message"] for line in story.of("text")}


def _late(line: Line) -> bool:
    """Tells whether the server took longer for its answer than anybody waited."""
    return "data_at" in line and bool(line["at"] - line["data_at"][0] > PATIENCE_SECONDS)


def _under_way(lines: Sequence[Line], text: datetime | None) -> tuple[float, float] | None:
    """Returns from when to when a message was under way, if anybody has seen it.

    Of a mail its recipient is noted at once; a text, when the sink finds the time for it.
    """
    if lines:
        offered = lines[-1]["rcpt_at"][0]
        return offered - 1, offered + UNDER_WAY_SECONDS
    if text:
        taken = text.timestamp()
        return taken - UNDER_WAY_SECONDS, taken + UNDER_WAY_SECONDS
    return None


def _struck(story: Story, row: Line, span: tuple[float, float] | None) -> bool:
    """Tells whether a notifier or its database was hit while the message was under way.

    Of a try that nobody has seen, the attempt says when that was, by the product's clock.
    """
    hits = [
        line
        for line in story.faults("kill", "freeze", "postgres away")
        if line.get("target", "notifier").startswith("notifier")
    ]
    begun = [(hit, hit["since"] if "since" in hit else hit["at"]) for hit in hits]
    if span and any(span[0] < at < span[1] for _, at in begun):
        return True
    attempted = row["attempted_at"]
    return any(
        -1 < hit["product"] - (hit["at"] - at) - attempted < UNDER_WAY_SECONDS for hit, at in begun
    )
