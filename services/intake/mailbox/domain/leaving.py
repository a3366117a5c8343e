"""Whether an answer says that somebody wants to hear no more.

Whoever says so in a sentence that says nothing else but why, in one of four languages, is
understood, if all that stands beside it is courtesy, or tells why; so is one of the short commands
for text messages that stands alone. Anything else is an answer: nobody is written to until a human
read it. So is a wish to hear no more in one way, for a time or of one thing, which is no wish for
an end.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from services.intake.mailbox.domain.sentences import (
    CLOSES,
    CONTACT,
    GREETS,
    is_formula,
    runs_on,
    said_of,
    sentences_of,
    signed,
    written_lines,
)
from services.intake.sms.limits import leaves_open, tells_of_job
from services.intake.sms.stops import is_bare_stop
from services.intake.sms.words import Phrase, Phrases, begins, consists_of, found, holds, words_of
from services.intake.understanding.phrases import Table, words_in
from shared.contract.events.people import Channel

MOST_SENTENCES = 60
"""Whoever says more tells a story, which a human reads."""
_LONGEST_SENTENCE = 40
"""In words. Whoever says more in one tells a story."""
_OPENS = re.compile(r",|\s[-–—]+\s")
_ASKS_OR_QUOTES = re.compile('[?"“”„«»]')
_BAR = "|"
_MARKS = frozenset("!?:;…")
_LONGEST_NAME, _LONGEST_DETAIL = 4, 6
"""In words: a name, and a title or part of an address beside one."""
_INTRODUCES = re.compile(r":(?=[\s\w\"'“„«‚‹])")
"""A colon that is no smile."""
_REACHED_AT = re.compile(r"@|\d(?:[ ()/.-]{0,3}\d){5}")
"""What another way to somebody leads to: an address or a telephone number."""


def wants_no_more(text: str, by: Channel = Channel.EMAIL) -> bool:
    """Reads what somebody wrote, by mail or by text message."""
    lines = list(_lines_of(text))
    if by is Channel.EMAIL and _may_be_link(lines):
        return False
    if _BAR not in "".join(lines) and is_bare_stop("\n".join(lines)):
        return True
    body, signature = signed(lines)
    if any(map(_is_wish, sentences_of(signature))):
        body, signature = "\n".join(lines), ""
    said, below = sentences_of(_without_name(body)), sentences_of(signature)
    return (
        len(said) + len(below) <= MOST_SENTENCES
        and any(map(_is_wish, said))
        and all(_is_wish(one) or _asks_nothing(one) for one in said)
        and not any(map(_ends_sentence, signature.strip().splitlines()[:1]))
        and not _passes_on(body)
        and not any(_goes_on(one, by) for one in [*said, *below])
        and not any(_hopes(one) or _leads_elsewhere(one) for one in below)
        and not _REACHED_AT.search(f"{body}\n{signature}")
    )


def _may_be_link(lines: Sequence[str]) -> bool:
    """Tells whether what seems a wish may be a link at the foot of a mail.

    One is a line without a mark or a please, below a farewell or thanks.
    """
    wishes = (at for at, line in enumerate(lines) if _is_wish(line) or is_bare_stop(line))
    at = next(wishes, 0)
    above = "\n".join(lines[:at])
    return (
        holds(CLOSES, words_of(above))
        and not any(map(_is_wish, sentences_of(above)))
        and lines[at].strip()[:1].isupper()
        and not _ends_sentence(lines[at])
        and not holds(_ASKS, words_of(lines[at]))
    )


def _passes_on(body: str) -> bool:
    """Tells whether a wish stands behind a colon, unless they address somebody there, or insist.

    What else introduces a wish denies it, tells of it or says whose it is: "You say that I wrote:".
    """
    introduced = pairwise(map(sentences_of, _INTRODUCES.split(body)))
    return any(
        any(map(_is_wish, behind[:1])) and not any(map(_insists, before[-1:]))
        for before, behind in introduced
    )


def _insists(sentence: str) -> bool:
    """Tells whether words before a colon lead to a wish of whoever writes."""
    words = words_of(sentence)
    last = sentence.rsplit(maxsplit=1)[-1]
    addresses = is_formula(GREETS | CLOSES, sentence) and last[:1].isupper()
    return addresses or consists_of(_INSISTS | _AROUND, words) or _is_fact(words)


def _without_name(body: str) -> str:
    """Leaves out the name that an answer ends with: in lines of its own, or full behind a reason.

    Anywhere else few words may be something said: what keeps them busy, or that they were joking.
    """
    lines = [line.strip() for line in body.splitlines()]
    while len(lines) > 1 and (not lines[-1] or (_is_name(lines[-1]) and not _is_amid(*lines[-2:]))):
        lines.pop()
    said, _, name = "".join(lines[-1:]).rpartition(". ")
    if " " in name and _is_name(name) and _is_wish(said) and not _is_plain_wish(said):
        lines[-1] = said
    return "\n".join(lines)


def _is_amid(line: str, after: str) -> bool:
    """Tells whether a line goes on with the sentence of the one before it."""
    return not _ends_sentence(line) and runs_on(line, after)


def says_only_that(text: str) -> bool:
    """Tells whether a text that wants no more says nothing else, not even why."""
    return all(
        _is_plain_wish(one) or consists_of(_THANKS, words_of(one)) for one in sentences_of(text)
    )


def _lines_of(text: str) -> Iterator[str]:
    """Yields lines, which a bar parts like a break; in a signature, none of where one is reached.

    Between bars a wish is theirs where it opens what they say and is signed behind; elsewhere it
    may be a link at the foot of a page. A line with it stays whole, and so does one with a number
    or an address that stands beside no full name.
    """
    opens = True
    for line in written_lines(text):
        parts = [part for part in map(str.strip, line.split(_BAR)) if part] or [""]
        said = [part for part in parts if not CONTACT.fullmatch(part)]
        if len(parts) == 1 or not said:
            yield from parts
        elif any(_is_wish(part) or is_bare_stop(part) for part in said):
            yield from parts if opens and _is_signature(parts[1:]) else [line]
        elif said != parts:
            yield from said if _is_signature(said) else [line]
        else:
            yield from parts
        opens = opens and (not words_of(line) or is_formula(GREETS, line))


def _is_signature(parts: Sequence[str]) -> bool:
    """Tells whether parts between bars are somebody's full name, and what goes with one."""
    return any(" " in part and _is_name(part) for part in parts) and all(
        len(words_of(part)) <= _LONGEST_DETAIL
        and not _is_wish(part)
        and not _hopes(part)
        and not holds(_ELSEWHERE | _FOOTERS, words_of(part))
        for part in parts
        if not CONTACT.fullmatch(part)
    )


def _leads_elsewhere(sentence: str) -> bool:
    """Tells whether a few words say what to do with a number or an address beside them."""
    words = words_of(sentence)
    return len(words) <= _LONGEST_DETAIL and holds(_ELSEWHERE, words)


def _goes_on(sentence: str, by: Channel) -> bool:
    words = words_of(sentence)
    return holds(_GOES_ON, words) or leaves_open(words, by)


def _asks_nothing(sentence: str) -> bool:
    """Tells whether a sentence beside a wish leaves it as it is."""
    is_courteous = (
        begins(_TELLS, _addressed(sentence))
        or _tells_of_work(words_of(sentence))
        or is_formula(GREETS | CLOSES, sentence)
        or consists_of(_UNINTERESTED, words_of(sentence))
    )
    return is_courteous and not _hopes(sentence)


def _hopes(sentence: str) -> bool:
    return holds(_HOPES, words_of(sentence))


def _is_name(line: str) -> bool:
    """Tells whether a few words, with no mark behind them, can be nothing but somebody's name."""
    names = line.strip(" -–—").split()
    return (
        0 < len(names) <= _LONGEST_NAME
        and all(name[:1].isupper() for name in (names[0], names[-1]))
        and _KNOWN.isdisjoint(words_of(line))
        and not _ends_sentence(line)
    )


def _ends_sentence(line: str) -> bool:
    """Tells whether a line has a mark behind it as a sentence has, and not as an initial."""
    said = line.rstrip()
    return said[-1:] in _MARKS or (said.endswith(".") and len(said.split()[-1]) > 2)


def _is_wish(sentence: str) -> bool:
    """Tells whether a sentence asks for no more and says nothing else, unless it tells why."""
    return _BAR not in sentence and (
        _is_plain_wish(sentence) or any(map(_asks_for_no_more, _with_a_reason(sentence)))
    )


def _is_plain_wish(sentence: str) -> bool:
    """Tells whether a sentence asks for no more and says nothing else.

    "No more mails" also tells that none came, so it is a wish only where somebody wants or asks. So
    is an infinitive beside "not interested": it may be what they are not interested in.
    """
    return any(
        _asks_for_no_more(words) and ("?" not in sentence or begins(_ASKS, words))
        for words in {words_of(sentence), _addressed(sentence)}
    )


def _with_a_reason(sentence: str) -> Iterator[Phrase]:
    """Yields all but the reason of a sentence, for each reading in which it tells one.

    A reason begins with a word for it, before the wish or behind it; or it is a fact about
    themselves, beside which the wish stands after a comma or a word for what follows from a fact.
    What asks for a reason, or may be what another said, tells none.
    """
    if _ASKS_OR_QUOTES.search(sentence) or len(words_of(sentence)) > _LONGEST_SENTENCE:
        return
    clauses = [words_of(clause) for clause in _OPENS.split(sentence)]
    if begins(GREETS, clauses[0]):
        del clauses[0]
    while clauses and consists_of(_THANKS, clauses[-1]):
        del clauses[-1]
    if not clauses:
        return
    first, last = clauses[0], clauses[-1]
    before, behind = (tuple(chain(*rest)) for rest in (clauses[:-1], clauses[1:]))
    readings = [
        *((before + last[:at], reason) for at, reason in _reasons(last)),
        *((behind, reason) for at, reason in _reasons(first) if at == 0),
    ]
    yield from (wish for wish, reason in readings if _is_reason(reason))
    following = [
        (behind, first),
        (before, last),
        *((first[end:] + behind, first[:at]) for at, end in found(_SO, first)),
        *((behind[end:], first) for at, end in found(_SO, behind) if at == 0),
    ]
    yield from (wish for wish, fact in following if _is_fact(fact))


def _reasons(words: Phrase) -> Iterator[tuple[int, Phrase]]:
    """Yields where a word for a reason stands, and the reason, its verb where a fact has it."""
    for at, end in found(_BECAUSE | _BECAUSE_LAST, words):
        yield at, words[end:]
    for at, end in found(_BECAUSE_LAST, words):
        yield at, words[end : end + 1] + words[-1:] + words[end + 1 : -1]


def _is_reason(words: Phrase) -> bool:
    """Tells whether words are a reason to hear no more: that somebody has work, or no interest.

    Of any other nobody knows what ends: who signs off because they are ill means something else.
    """
    return _is_fact(words) or (holds(_UNINTERESTED, words) and consists_of(_AROUND, words))


def _is_fact(words: Phrase) -> bool:
    """Tells whether words are nothing but that the one who writes has work."""
    return (
        begins(_ONESELF, words)
        and _tells_of_work(words)
        and holds(_WORK, words)
        and not holds(_HOPES | _UNSETTLES, words)
    )


def _tells_of_work(words: Phrase) -> bool:
    """Tells whether words say that somebody found work, or has it and nothing else."""
    has_it = holds(_EMPLOYED, words) or (holds(_WORK, words) and consists_of(_HAVING, words))
    return has_it or tells_of_job(words)


def _asks_for_no_more(words: Phrase) -> bool:
    if len(words) > _LONGEST_SENTENCE:
        return False
    wants = holds(_WANTS, words)
    if not wants and holds(_WANTED, words):
        return False
    asks = wants or holds(_ASKS, words)
    beside_lack = [_THANKS]
    if asks:
        beside_lack.append(_AROUND | _WANTS)
    wishes = _WISHES
    if asks or holds(_WILLS, words) or not holds(_UNINTERESTED, words):
        wishes |= _INFINITIVES
    return (
        _stands_within(_AROUND, wishes, words)
        or any(_stands_within(around, _LACKS, words) for around in beside_lack)
        or _is_parted(words)
    )


def _stands_within(around: Phrases, phrases: Phrases, words: Phrase) -> bool:
    """Tells whether words are one of some phrases and nothing else than what may stand around."""
    return any(
        consists_of(around, words[:at]) and consists_of(around, words[end:])
        for at, end in found(phrases, words)
    )


def _is_parted(words: Phrase) -> bool:
    """Tells whether words are a wish that is said in two parts, and nothing else."""
    return any(
        consists_of(_AROUND, words[:at])
        and consists_of(_AROUND, words[between:last])
        and consists_of(_THANKS, words[end:])
        for at, between in found(_PARTED, words)
        for last, end in found(_ENDS, words)
        if between <= last
    )


def _addressed(sentence: str) -> Phrase:
    """Returns a sentence's words without the salutation, or the bare stop, that it begins with."""
    opening, *rest = _OPENS.split(sentence, maxsplit=1)
    is_apart = rest and (begins(GREETS, words_of(opening)) or is_bare_stop(opening))
    return words_of(rest[0] if is_apart else sentence)


_WISHES, _INFINITIVES, _UNINTERESTED, _WILLS, _LACKS, _WANTS, _WANTED, _ASKS = map(
    said_of, ("wish", "infinitive", "uninterested", "wills", "lack", "wants", "wanted", "asks")
)
_PARTED, _ENDS = map(said_of, ("parted", "ends"))
_BECAUSE, _BECAUSE_LAST, _SO, _ONESELF, _WORK, _HAVING, _EMPLOYED, _UNSETTLES = map(
    said_of,
    ("because", "because_last", "so", "oneself", "work", "having", "employed", "unsettles"),
)
_TELLS, _INSISTS, _HOPES, _GOES_ON, _ELSEWHERE, _FOOTERS = map(
    said_of, ("tells", "insists", "hopes", "goes_on", "elsewhere", "footers")
)
_AROUND, _THANKS = (_UNINTERESTED | said_of(kind) for kind in ("around", "thanks"))
_KNOWN = frozenset(
    word for word in words_in(Table.KEYWORDS, Table.LIMITS, Table.OPTOUTS) if len(word) > 1
)
"""What is no name: a letter alone is an initial."""
