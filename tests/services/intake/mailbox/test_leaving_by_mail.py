"""Who wants to hear no more by the whole of a mail: its subject, what it quotes, what is cut."""

import pytest

from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.writing import Written
from services.notifier.rendering.samples import NOW, samples
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from tests.services.intake.mailbox.mails import plain, what
from tests.services.notifier.letters import renderer


def test_no_letter_of_ours_says_so_where_a_mail_program_does_not_mark_what_it_quotes() -> None:
    letters = [
        renderer().render(each, NOW).text
        for _, each in samples()
        if each.channel is Channel.EMAIL and each.is_to_candidate
        if each.purpose is not Purpose.STOPPED
    ]
    assert letters
    assert not [text for text in letters if wants_no_more(f"Yes, I would.\n\n{text}")]


def asks_for_no_more(subject: str, *text: str) -> bool:
    written = what(plain(*text, subject=subject))
    assert isinstance(written, Written)
    return written.leaves


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("STOP", []),
        ("STOP - please never write to me again", []),
        ("Stop, please never contact me", ["Ada"]),
        ("unsubscribe", ["", "-- ", "Ada Lovelace"]),
        ("Please unsubscribe me", ["Sent from my iPhone"]),
        ("Please remove me from your list", ["Thanks!", "Ada L.", "Tel: 0664 1234567"]),
        ("Bitte keine Mails mehr", ["Mit freundlichen Grüßen", "Ada Lovelace"]),
        ("Abmelden", ["Von meinem iPhone gesendet"]),
        ("=?utf-8?q?D=C3=A9sabonnez-moi?=", ["Cordialement,", "Ada"]),
        ("No más correos por favor", ["Enviado desde mi iPhone"]),
        ("Re: STOP", []),
        ("AW: Bitte nicht mehr schreiben", []),
        ("[EXTERN] unsubscribe", []),
        ("Unsubscribe", ["On 2 Mar 2026, Hartmann wrote:", "> Would you like to talk?"]),
    ],
)
def test_a_wish_in_the_subject_counts_where_the_mail_is_only_signed(
    subject: str, text: list[str]
) -> None:
    assert asks_for_no_more(subject, *text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Our answer to your application: Roofer", []),
        ("Re: We write to you no more", []),
        ("Fwd: Please unsubscribe me", []),
        ("WG: Bitte nicht mehr schreiben", ["LG Ada"]),
        ("RV: dar de baja", []),
        ("Please do not contact me until June", []),
        ("Stop press: I have my licence", []),
        ("How to unsubscribe?", []),
        ("Please call me instead", []),
        (
            "Please unsubscribe me",
            ["from the newsletter alone, I would like to hear of jobs"],
        ),
        ("Please stop emailing me", ["Thanks,", "But call me about the nurse job"]),
        ("unsubscribe", ["I would like to know how this works"]),
        ("Your application", ["-----Original Message-----", "From: Bob", "Please unsubscribe me"]),
    ],
)
def test_no_other_subject_stops_anything(subject: str, text: list[str]) -> None:
    assert not asks_for_no_more(subject, *text)


def test_of_whoever_writes_more_than_is_kept_a_human_reads_whether_they_leave() -> None:
    disclaimer = "This mail is confidential. " * 10
    for times, leaves in ((1, True), (30, False)):
        text = ["Please unsubscribe me.", "", "Kind regards", "Ada", *[disclaimer] * times]
        assert asks_for_no_more("Re: Your application", *text) is leaves


@pytest.mark.parametrize("called", ["(" * 900, "(" * 500 + ")" * 500, "a:" * 2_000, "=?ü?q?a?="])
def test_who_cannot_be_told_from_a_hostile_header_is_heard_all_the_same(called: str) -> None:
    for name in ("From", "To", "Reply-To", "Subject", "References", "Date"):
        written = what(f"{name}: {called}\r\n\r\nPlease unsubscribe me.".encode())
        assert isinstance(written, Written)
        assert written.leaves
