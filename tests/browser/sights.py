"""All that there is to look at, each with how somebody gets there."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from deploy.local.demo.personas import MANAGER, NURSE, Person
from deploy.local.demo.recipients import link_in
from services.notifier.domain import MessageKind
from shared.contract.events.purposes import Purpose
from tests.browser.cast import (
    ARCHIVE,
    BILLING,
    CARDIOLOGY,
    CARL,
    EDDA,
    EVA,
    IGOR,
    INES,
    IRIS,
    IVAN,
    KIM,
    LENA,
    NILS,
    NORA,
    PAULA,
    PLATFORM,
    QUIN,
    RENA,
    ROSA,
    SAMI,
    STAN,
    STREAMING,
    THEO,
    WALT,
)
from tests.browser.keyboard import Step, follow, pick, press, tick, unfold, write
from tests.browser.play import NEW_ADDRESS, Play, Reader

LETTER, READY, OUTCOME = Purpose.LETTER, Purpose.READY, Purpose.OUTCOME
INVITED, AGAIN = Purpose.INVITATION, Purpose.CONTINUATION


class Mail(NamedTuple):
    """The one mail of a kind to somebody, or the one whose subject begins with these words."""

    name: str
    to: Reader | str
    kind: MessageKind
    words: str = ""


MAILS: Final[Sequence[Mail]] = (
    Mail("mail-letter-not-yet", LENA, LETTER),
    Mail("mail-letter-runner-up", ROSA, LETTER),
    Mail("mail-kind-letter", KIM, Purpose.KIND_LETTER),
    Mail("mail-question", QUIN, Purpose.QUESTION),
    Mail("mail-check-in", CARL, Purpose.CHECK_IN),
    Mail("mail-ready", NORA, READY),
    Mail("mail-ready-licence", NILS, READY),
    Mail("mail-renewal", RENA, Purpose.RENEWAL, "Shall we"),
    Mail("mail-renewal-last", RENA, Purpose.RENEWAL, "A last question"),
    Mail("mail-invitation", IVAN, INVITED),
    Mail("mail-continuation-second", ROSA, AGAIN),
    Mail("mail-continuation-third", THEO, AGAIN),
    Mail("mail-outcome-closed", EVA, OUTCOME),
    Mail("mail-outcome-not-this-time", IGOR, OUTCOME),
    Mail("mail-outcome-unanswered", IRIS, OUTCOME),
    Mail("mail-record", NORA, Purpose.RECORD),
    Mail("mail-address", NEW_ADDRESS, Purpose.ADDRESS),
    Mail("mail-shortlist", PLATFORM, "shortlist"),
    Mail("mail-shortlist-short", CARDIOLOGY, "shortlist"),
    Mail("mail-shortlist-continues", MANAGER, "shortlist", "Site Manager: 2"),
    Mail("mail-interest", STREAMING, "interest", "Iris"),
    Mail("mail-interest-reminder", STREAMING, "interest", "Still waiting: Iris"),
    Mail("mail-interest-has-it-now", NURSE, "interest", "Nils"),
    Mail("mail-links", PLATFORM, "links"),
)

How = Callable[[Play], str]
"""Returns the address at which somebody is then."""


def behind(to: Reader | str, kind: MessageKind, words: str = "", *, path: str = "c") -> How:
    """Follows the link in a mail."""
    return lambda play: play.link(to, kind, words, path=path)


def behind_text(to: Person) -> How:
    """Follows the link in the first text message."""
    return lambda play: link_in(play.texts(to)[0], "c") or ""


def at(path: str) -> How:
    """Types an address of the public door."""
    return lambda play: f"{play.stage.stack.intake_url}{path}"


def sink(path: str) -> How:
    """Types an address of what shows the local stack's mail."""
    return lambda play: f"{play.stage.stack.sink_url}{path}"


def shown(to: Reader, kind: MessageKind, view: str) -> How:
    """Chooses a mail in what shows the local stack's mail."""
    return lambda play: f"{play.stage.stack.sink_url}/messages/{play.mail(to, kind)['id']}?{view}"


def texts(to: Person) -> How:
    """Chooses a conversation in what shows the local stack's mail."""
    return lambda play: f"{play.stage.stack.sink_url}/messages/{play.texts(to)[-1]['id']}"


def shortlist(view: str = "") -> How:
    """Opens the long list, sorted and filtered."""
    return lambda play: play.link(PLATFORM, "shortlist", path="s") + view


class Sight(NamedTuple):
    """A page that shows itself when it is opened."""

    name: str
    how: How


PAGES: Final[Sequence[Sight]] = (
    Sight("home", at("/")),
    Sight("reference", at("/docs")),
    Sight("link-that-does-not-work", at("/c/forged.token")),
    Sight("link-that-has-expired", behind(CARL, Purpose.RECORD, path="d")),
    Sight("letter-not-yet", behind(LENA, LETTER)),
    Sight("letter-runner-up", behind(ROSA, LETTER)),
    Sight("text-message", behind_text(SAMI)),
    Sight("question", behind(QUIN, Purpose.QUESTION)),
    Sight("check-in", behind(CARL, Purpose.CHECK_IN)),
    Sight("ready", behind(NORA, READY)),
    Sight("ready-told", behind(NILS, READY)),
    Sight("renewal", behind(RENA, Purpose.RENEWAL, "A last question")),
    Sight("invitation", behind(IVAN, INVITED)),
    Sight("invitation-answered", behind(INES, INVITED)),
    Sight("invitation-closed", behind(EVA, INVITED)),
    Sight("continuation", behind(THEO, AGAIN)),
    Sight("outcome", behind(IGOR, OUTCOME)),
    Sight("paused", behind(PAULA, LETTER)),
    Sight("stopped", behind(STAN, LETTER)),
    Sight("erased", behind(EDDA, LETTER)),
    Sight("only-ways-out", behind(WALT, LETTER)),
    Sight("record-door", behind(NORA, Purpose.RECORD, path="d")),
    Sight("address", behind(NEW_ADDRESS, Purpose.ADDRESS, path="v")),
    Sight("unsubscribe", behind(KIM, Purpose.KIND_LETTER, path="u")),
    Sight("lost-link", at("/lost-link")),
    Sight("shortlist", shortlist()),
    Sight("shortlist-short", behind(CARDIOLOGY, "shortlist", path="s")),
    Sight("shortlist-none-like-that", shortlist("?show=decided")),
    Sight("shortlist-decided", behind(STREAMING, "shortlist", path="s")),
    Sight("shortlist-continues", behind(MANAGER, "shortlist", "Site Manager: 2", path="s")),
    Sight("shortlist-closed", behind(BILLING, "shortlist", path="s")),
    Sight("shortlist-over", behind(ARCHIVE, "shortlist", path="s")),
    Sight("interest", behind(NURSE, "interest", "Nils", path="i")),
    Sight("interest-talking", behind(STREAMING, "interest", "Ines", path="i")),
    Sight("interest-not-this-time", behind(STREAMING, "interest", "Igor", path="i")),
    Sight("interest-unanswered", behind(STREAMING, "interest", "Iris", path="i")),
    Sight("sink", sink("/")),
    Sight("sink-nothing-found", sink("/?q=nobody-writes-this")),
    Sight("sink-mail", shown(LENA, LETTER, "view=mail")),
    Sight("sink-text", shown(LENA, LETTER, "view=text")),
    Sight("sink-headers", shown(LENA, LETTER, "view=headers")),
    Sight("sink-text-messages", texts(SAMI)),
)


class Answer(NamedTuple):
    """What somebody does on a page by keyboard alone, and what the next page says then."""

    name: str
    how: How
    steps: Sequence[Step]
    says: str


SHOW = press("Show what we hold about you")
UNFOLD_FINN = unfold("Reasons, history and decision: Finn Ostrow")

ANSWERS: Final[Sequence[Answer]] = (
    Answer(
        "hat-without-a-purpose",
        behind(QUIN, Purpose.QUESTION),
        [tick("1 year"), press("Yes, keep my name in the hat")],
        "Please choose at least one thing",
    ),
    Answer(
        "hat-yes",
        behind(LENA, LETTER),
        [
            tick("when a similar role opens"),
            tick("when I qualify"),
            tick("2 years"),
            press("Yes, keep my name in the hat"),
        ],
        "Your name is in the hat.",
    ),
    Answer("hat-no", behind(QUIN, Purpose.QUESTION), [press("No, thank you")], "We wish you all"),
    Answer(
        "interested",
        behind(IVAN, INVITED),
        [press("Yes, I am interested")],
        "Our recruiters are told",
    ),
    Answer("not-now", behind(ROSA, AGAIN), [press("Not now")], "We leave it there"),
    Answer("has-it-now", behind(NORA, READY), [press("Yes, I have this now")], "Congratulations"),
    Answer(
        "news-empty",
        behind(CARL, Purpose.CHECK_IN),
        [press("Send")],
        "Please write what has changed",
    ),
    Answer(
        "news",
        behind(CARL, Purpose.CHECK_IN),
        [
            write("A new skill", "Ultrasound"),
            write("Anything else?", "I work nights now."),
            press("Send"),
        ],
        "It is in your profile",
    ),
    Answer(
        "pause",
        behind(THEO, AGAIN),
        [unfold("Pause messages"), tick("6 months"), press("Pause messages")],
        "We write nothing until the pause is over",
    ),
    Answer(
        "resume",
        behind(PAULA, LETTER),
        [unfold("Pause messages"), press("End the pause now")],
        "Welcome back",
    ),
    Answer("stop", behind(IGOR, OUTCOME), [press("Stop all messages")], "We have stopped all"),
    Answer(
        "asked-again",
        behind(STAN, LETTER),
        [follow("Have you changed your mind?")],
        "May we keep your name in the hat?",
    ),
    Answer(
        "record-asked",
        behind(EVA, OUTCOME),
        [unfold("What we hold about you"), press("Send me that link")],
        "a link is on its way",
    ),
    Answer("record", behind(NORA, Purpose.RECORD, path="d"), [SHOW], NORA.family),
    Answer(
        "record-corrected",
        behind(NORA, Purpose.RECORD, path="d"),
        [SHOW, unfold("Correct your name"), write("Name", "Nora Bergmann"), press("Correct it")],
        "We have corrected it",
    ),
    Answer(
        "record-not-corrected",
        behind(NORA, Purpose.RECORD, path="d"),
        [SHOW, unfold("Correct your name"), write("Phone number", "none"), press("Correct it")],
        "We cannot read that phone number",
    ),
    Answer(
        "record-address",
        behind(NORA, Purpose.RECORD, path="d"),
        [
            SHOW,
            unfold("Give a new email address"),
            write("New email address", NEW_ADDRESS),
            press("Send a link to the new address"),
        ],
        "We have sent a link",
    ),
    Answer(
        "address-confirmed",
        behind(NEW_ADDRESS, Purpose.ADDRESS, path="v"),
        [press("This address is mine")],
        "Thank you",
    ),
    Answer(
        "erase",
        behind(IRIS, OUTCOME),
        [unfold("Delete my data"), tick("Yes, delete everything"), press("Delete my data")],
        "Your data is deleted",
    ),
    Answer(
        "unsubscribed",
        behind(KIM, Purpose.KIND_LETTER, path="u"),
        [press("Unsubscribe")],
        "You have been unsubscribed",
    ),
    Answer(
        "lost-link-asked",
        at("/lost-link"),
        [write("Your email address", PLATFORM.recruiter_email), press("Send me a new link")],
        "is on its way",
    ),
    Answer(
        "shortlist-sorted",
        shortlist(),
        [pick("Sort by", "Name"), pick("Show", "Just"), press("Apply")],
        "Ines Duarte",
    ),
    Answer(
        "shortlist-approved",
        shortlist(),
        [UNFOLD_FINN, press("Approve and invite: Finn Ostrow")],
        "1 person approved.",
    ),
    Answer(
        "shortlist-taken-back",
        shortlist(),
        [UNFOLD_FINN, press("Take the approval back: Finn Ostrow")],
        "Nothing was sent.",
    ),
    Answer(
        "shortlist-several-declined",
        shortlist(),
        [
            tick("Select Eva Braun"),
            tick("Select Ines Duarte"),
            pick("Why not?", "Too junior"),
            press("Decline selected"),
        ],
        "2 people declined.",
    ),
    Answer(
        "interest-ended",
        behind(NURSE, "interest", "Nils", path="i"),
        [press("We are talking")],
        "Good luck with the conversation.",
    ),
    Answer("sink-search", sink("/"), [write("Search", "nobody writes this\n")], "Nothing found."),
)
