"""What a mail is that came back: a report, a machine's, or what a human wrote."""

from collections.abc import Callable
from email.message import Message

import pytest

from services.intake.mailbox.domain import reports
from services.intake.mailbox.domain.received import Automatic, Envelope, Leaving, read
from services.intake.mailbox.domain.reports import Complaint, Returned
from services.intake.mailbox.domain.writing import LONGEST, Written
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_addresses import MailRole
from tests.linear import MOST_GROWTH, growth
from tests.services.intake.mailbox.mails import (
    SENDER,
    complained,
    encoded,
    html,
    lines,
    mixed,
    plain,
    returned,
    returned_of,
    text,
    what,
    with_files,
)

DEAD = Returned(DeliveryOutcome.BOUNCED, address_is_dead=True)
SOFT = Returned(DeliveryOutcome.BOUNCED)
ARRIVED = Returned(DeliveryOutcome.DELIVERED)


@pytest.mark.parametrize(
    ("report", "meaning"),
    [
        (returned(), DEAD),
        (returned(type="global-delivery-status"), DEAD),
        (returned(status="5.0.0", diagnostic="smtp; 550 5.1.1 user unknown"), DEAD),
        (returned(status="5.2.2", diagnostic="smtp; 552 mailbox full"), SOFT),
        (returned(status="5.7.1", diagnostic="smtp; 550 rejected for policy reasons"), SOFT),
        (returned(status="5.0.0", diagnostic="smtp; 554 5.7.1 listed"), SOFT),
        (returned(status="4.4.7", diagnostic="smtp; 451 try later"), SOFT),
        (returned("delivered", "2.0.0", "smtp; 250 ok"), Returned(DeliveryOutcome.DELIVERED)),
        (returned("delayed", "4.4.1", "smtp; timed out"), Automatic()),
        (returned("relayed", "2.0.0", "smtp; 250 ok"), Automatic()),
    ],
)
def test_a_status_notification_tells_how_a_mail_ended(report: bytes, meaning: object) -> None:
    assert what(report, MailRole.BOUNCE, sender="") == meaning


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.0.0", "smtp; 452 4.2.2 mailbox full"),
        ("5.0.0", "smtp; 552 Mailbox quota exceeded"),
        ("5.0.0", "smtp; 550 mailbox is full"),
        ("5.0.0", "retry timeout exceeded"),
        ("5.0.0", "smtp; 550 blocked using spamhaus"),
        ("5.0.0", "smtp; 554 no such user"),
        ("5.0.0", "smtp; 550 sender verify failed: unknown user"),
        ("5.1.1", "smtp; 450 4.1.1 greylisted"),
        ("5.1.1", "smtp; 450 no such user yet"),
        ("5.1.1", "smtp; 550 blocked using spamhaus"),
        ("5.1.1", "smtp; 552 mailbox quota exceeded"),
        ("5.1.1", "smtp; 550 5.4.1 access denied"),
        ("5.1.7", "smtp; 553 bad sender"),
        ("5.1.8", "smtp; 550 sender domain not found"),
        ("5.2.1", "smtp; 550 5.2.1 the user is receiving mail at a rate that is too high"),
        ("5.3.2", "smtp; 421 4.3.2 shutting down"),
        ("5.3.4", "smtp; 552 message too big"),
        ("5.4.1", "no answer from host"),
        ("5.4.4", "unable to route"),
        ("5.4.6", "loop"),
        ("5.4.7", "delivery time expired"),
        ("5.6.0", "smtp; 554 content"),
        ("5.5.0", "smtp; 550 mailbox unavailable"),
        ("", ""),
    ],
)
def test_what_comes_back_for_another_reason_than_the_mailbox_ends_no_address(
    status: str, diagnostic: str
) -> None:
    mail = returned(status=status, diagnostic=diagnostic)
    assert what(mail, MailRole.BOUNCE, sender="") == SOFT


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.1.1", "x-unix; user unknown"),
        ("5.1.3", "smtp; 553 bad syntax"),
        ("5.1.6", "smtp; 551 moved"),
        ("5.1.10", "smtp; 556 null MX"),
        ("5.2.1", "smtp; 550 5.2.1 the account is disabled"),
        ("5.1.1 (bad destination)", "smtp; 550-5.1.1 ask mx.example.net [192.0.2.4] 550 why"),
        ("5.0.0", "smtp; 550 User unknown"),
        ("5.0.0", "smtp; 550 No such user here"),
        ("", "smtp; 550 user unknown"),
    ],
)
def test_a_mailbox_that_does_not_exist_ends_its_address(status: str, diagnostic: str) -> None:
    mail = returned(status=status, diagnostic=diagnostic)
    assert what(mail, MailRole.BOUNCE, sender="") == DEAD


@pytest.mark.parametrize(("said", "meaning"), [(SENDER, DEAD), ("jobs@employer.example", SOFT)])
def test_a_report_that_another_mailbox_is_not_there_ends_no_address(
    said: str, meaning: Returned
) -> None:
    mail = returned(status="5.1.1", diagnostic=f"smtp; 550 no such user {said}")
    assert what(mail, MailRole.BOUNCE, sender="") == meaning


def test_a_report_from_exchange_online_of_a_user_it_does_not_know_ends_the_address() -> None:
    said = "smtp; 550 5.4.1 Recipient address rejected: Access denied"
    server = "Remote-MTA: dns; x-example.mail.protection.outlook.com"
    mail = returned(status="5.4.1", diagnostic=f"{said}\r\n{server}")
    assert what(mail, MailRole.BOUNCE, sender="") == DEAD


OURS, COPY, OTHER = "ada@people.example", "ada@new.example", "ada@old.example"
FORWARDED = [
    ([(OURS, OTHER, "failed", "5.1.1"), (OURS, COPY, "delivered", "2.0.0")], "", ARRIVED),
    ([("", OURS, "failed", "5.1.1"), ("", COPY, "delivered", "2.0.0")], "", ARRIVED),
    ([("", OURS, "failed", "5.2.2"), ("", COPY, "relayed", "2.0.0")], "", Automatic()),
    ([("", OURS, "delayed", "4.4.1"), ("", COPY, "failed", "5.1.1")], "", Automatic()),
    ([("", OURS, "delayed", "4.4.1"), ("", OURS, "failed", "5.1.1")], "", DEAD),
    ([(OURS, OURS, "failed", "5.1.1"), (OURS, COPY, "failed", "5.2.2")], "", DEAD),
    ([(OURS, OURS, "failed", "5.2.2"), (OURS, COPY, "failed", "5.1.1")], "", SOFT),
    ([("", OURS, "failed", "5.1.1"), ("", COPY, "failed", "5.2.2")], OURS, DEAD),
    ([("", COPY, "failed", "5.1.1"), ("", OTHER, "failed", "5.2.2")], OURS, SOFT),
    ([(OURS, COPY, "failed", "5.1.1"), (OURS, OTHER, "failed", "5.1.1")], OURS, DEAD),
    ([(OURS, OURS, "failed", "5.1.1"), (OTHER, OTHER, "delivered", "2.0.0")], OURS, DEAD),
]


@pytest.mark.parametrize(("recipients", "to", "meaning"), FORWARDED)
def test_a_report_of_several_recipients_is_read_whole_in_any_order(
    recipients: list[tuple[str, str, str, str]], to: str, meaning: object
) -> None:
    for ordered in (recipients, recipients[::-1]):
        assert what(returned_of(*ordered, to=to), MailRole.BOUNCE, sender="") == meaning


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "Base64", "7bit"])
@pytest.mark.parametrize("kind", ["delivery-status", "global-delivery-status"])
@pytest.mark.parametrize(
    ("status", "diagnostic", "meaning"),
    [
        ("5.1.1", "smtp; 550 5.1.1 no such user", DEAD),
        ("5.0.0", f"smtp; {'a server that says much ' * 5} 452 4.2.2 mailbox full", SOFT),
    ],
)
def test_a_status_notification_is_read_in_whatever_encoding_it_comes(
    encoding: str, kind: str, status: str, diagnostic: str, meaning: object
) -> None:
    mail = returned(status=status, diagnostic=diagnostic, type=kind)
    assert what(encoded(mail, f"message/{kind}", encoding), MailRole.BOUNCE, sender="") == meaning


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_status_notification_that_only_says_that_it_is_encoded_is_read_as_it_stands(
    encoding: str,
) -> None:
    said = f"message/delivery-status\r\nContent-Transfer-Encoding: {encoding}".encode()
    mail = returned().replace(b"message/delivery-status", said)
    assert what(mail, MailRole.BOUNCE, sender="") == DEAD


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize(("kind", "meaning"), [("abuse", Complaint()), ("not-spam", Automatic())])
def test_so_is_a_feedback_report(encoding: str, kind: str, meaning: object) -> None:
    mail = encoded(complained(kind), "message/feedback-report", encoding)
    assert what(mail, MailRole.COMPLAINTS) == meaning


def test_a_server_that_says_it_in_its_own_words_ends_no_address_by_itself() -> None:
    qmail = lines(
        "From: MAILER-DAEMON@example.net",
        "Subject: failure notice",
        "",
        "Hi. This is the qmail-send program at example.net.",
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        "",
        "<ada@example.org>:",
        "Sorry, no mailbox here by that name. (#5.1.1)",
        "",
        "--- Below this line is a copy of the message.",
    )
    assert what(qmail, MailRole.BOUNCE, sender="") == SOFT
    assert what(qmail, MailRole.REPLY) == Automatic()


GERMAN = "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'"


@pytest.mark.parametrize(
    "said",
    [
        GERMAN,
        "Empfänger unbekannt (5.1.1)",
        "Le destinataire n'existe pas : #5.1.1",
        "Nie ma takiego adresu. smtp;550-5.1.1 brak",
        "Buzón lleno, código 5.2.2.",
        "5.1.351 Remote server returned unknown recipient",
    ],
)
def test_a_code_for_good_where_mails_come_back_is_one_that_did_in_any_language(said: str) -> None:
    mail = plain("Fehler bei der Nachrichtenzustellung:", "", said, subject="Unzustellbar: Antwort")
    page = html(f"<p>Fehler bei der Zustellung</p><p>{said}</p>")
    for written in (mail, page):
        assert what(written, MailRole.BOUNCE, sender="") == SOFT
        assert what(written, MailRole.REPLY, sender="") == Automatic()
        assert what(written, MailRole.BOUNCE) != SOFT


@pytest.mark.parametrize(
    "said",
    [
        "Ich bin bis 5.1.26 nicht im Büro, ab 5.1.2027 wieder",
        "I am away. Call 192.5.1.1 or see version 5.1.2",
        "Noch nicht zugestellt: 451 4.4.1, wird weiter versucht; danach 5.4.7",
        "Danke, wir haben Ihre Nachricht erhalten.",
        "Kapitel 15.1.1 und v5.1.1",
    ],
)
def test_what_only_looks_like_a_code_or_is_one_for_now_brings_nothing_back(said: str) -> None:
    assert what(plain(said), MailRole.BOUNCE, sender="") == Automatic()
    away = plain(GERMAN, headers=["Auto-Submitted: auto-replied"])
    assert what(away, MailRole.BOUNCE, sender="") == Automatic()


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out", "Abuse"])
def test_a_feedback_report_is_a_complaint(kind: str) -> None:
    assert what(complained(kind), MailRole.COMPLAINTS) == Complaint()


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_a_report_that_complains_of_nothing_is_none(kind: str) -> None:
    assert what(complained(kind), MailRole.COMPLAINTS) == Automatic()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=a@example.org",
        "Auto-Submitted: auto-replied (vacation)",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond: away",
        "X-FC-MachineGenerated: true",
        "Subject: Automatic reply: Your application",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique?=",
        "Subject: Abwesenheitsnotiz",
        "Subject: Out of Office",
        "From: Mail Delivery Subsystem <MAILER-DAEMON@example.org>",
        "From: no-reply@example.org",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ],
)
def test_what_a_machine_wrote_is_never_an_answer(header: str) -> None:
    name = header.partition(":")[0]
    rest = [it for it in plain("I am away").decode().split("\r\n") if not it.startswith(name)]
    mail = "\r\n".join([header, *rest]).encode()
    assert what(mail) == Automatic()
    assert isinstance(what(plain("I am away", headers=["Auto-Submitted: no"])), Written)


@pytest.mark.parametrize(
    "header",
    [
        "X-Auto-Response-Suppress: All",
        "List-Id: Nurses <nurses.example.org>",
        "List-Unsubscribe: <mailto:off@example.org>",
        "Feedback-ID: 1:2:gateway",
        "Precedence: first-class",
        "Subject: Auto: I have the licence now",
        "Subject: Away from my desk but interested",
        "Subject: Abwesenheit am Montag - neuer Termin?",
        "From: Ada Daemon <daemon@example.org>",
    ],
)
def test_what_stands_on_a_humans_mail_as_well_makes_it_no_machines(header: str) -> None:
    name = header.partition(":")[0]
    rest = [it for it in plain("Call me").decode().split("\r\n") if not it.startswith(name)]
    assert what("\r\n".join([header, *rest]).encode()) == Written("Call me")


def test_an_old_exim_says_that_a_mail_failed_in_what_it_calls_an_answer() -> None:
    exim = lines(
        "From: Mail Delivery System <Mailer-Daemon@mx.example.net>",
        "Subject: Mail delivery failed: returning message to sender",
        "X-Failed-Recipients: ada@example.org",
        "Auto-Submitted: auto-replied",
        "",
        "This message was created automatically by mail delivery software.",
        "A message that you sent could not be delivered to one or more of its",
        "recipients. This is a permanent error. The following address(es) failed:",
        "",
        "  ada@example.org",
        "    Unrouteable address",
    )
    assert what(exim, MailRole.BOUNCE, sender="") == SOFT


@pytest.mark.parametrize("sender", ["", "mailer-daemon@example.org", "noreply@example.org"])
def test_nor_is_what_nobody_can_be_answered_for(sender: str) -> None:
    assert what(plain("Thank you"), sender=sender) == Automatic()


def test_whatever_a_mail_program_writes_to_unsubscribe_does_so() -> None:
    assert what(plain(""), MailRole.UNSUBSCRIBE) == Leaving()
    assert what(plain("", headers=["Auto-Submitted: auto-generated"]), MailRole.UNSUBSCRIBE) == (
        Leaving()
    )
    assert what(returned(), MailRole.UNSUBSCRIBE, sender="") == DEAD


QUOTED = {
    "gmail": (
        "Yes, I would.",
        "",
        "On Mon, 2 Mar 2026 at 09:00, Hartmann Logistics <",
        "reply+abc@replies.hartmann.example> wrote:",
        "",
        "> Unsubscribe from our emails",
    ),
    "outlook": (
        "Yes, I would.",
        "",
        "________________________________",
        "From: Hartmann Logistics <jobs@hartmann.example>",
        "Sent: Monday, March 2, 2026 9:00 AM",
        "To: Ada <ada@example.org>",
        "Subject: Your application",
        "",
        "Unsubscribe from our emails",
    ),
    "outlook in german": (
        "Yes, I would.",
        "-----Ursprüngliche Nachricht-----",
        "Von: Hartmann",
        "Unsubscribe from our emails",
    ),
    "german": (
        "Yes, I would.",
        "Am 02.03.26 um 09:00 schrieb Hartmann Logistics:",
        "Unsubscribe from our emails",
    ),
    "french": (
        "Yes, I would.",
        "Le lun. 2 mars 2026 à 09:00, Hartmann <jobs@hartmann.example> a écrit :",
        "> Unsubscribe from our emails",
    ),
    "spanish": (
        "Yes, I would.",
        "El lun, 2 mar 2026 a las 9:00, Hartmann (<jobs@hartmann.example>) escribió:",
        "> Unsubscribe from our emails",
    ),
    "between": (
        "On 2 Mar 2026, Hartmann wrote:",
        "> Would you like to talk?",
        "Yes, I would.",
        "> Unsubscribe from our emails",
    ),
    "signed": ("Yes, I would.", "-- ", "Ada Lovelace", "To unsubscribe from me, press here"),
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_what_somebody_wrote_is_read_without_what_they_answer(text: tuple[str, ...]) -> None:
    assert what(plain(*text)) == Written("Yes, I would.")


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nas you said on 3 Nov, Ines wrote:\nI would love to talk. Call me at 5.",
        "Hi,\nMy certificate no. 12 says what my teacher wrote:\nvery good.\nI start in May.",
        "On 3 Nov your colleague wrote:\nshe would call me. Nobody did.",
        "Hi,\nOn Monday at 10:30\nInes wrote:\n\nI may come. May I?",
        "ines@hartmann.example wrote:\nthat I may come. May I?",
        "Am 3. November schrieb mir Ines:\nIch solle kommen. Wann?",
        "In 2019 my teacher wrote:\nvery good.",
        "Mine is the one of which no. 12 wrote:",
        "On 3 Nov 2025 at 10:30 Ines wrote:\nI may come. May I?",
        "As Ines wrote on 3 Nov:\nhere it is, https://ada.example/cv",
    ],
)
def test_whoever_says_who_wrote_something_and_quotes_nothing_is_heard_to_the_end(text: str) -> None:
    assert what(plain(*text.split("\n"))) == Written(text)


@pytest.mark.parametrize(
    "said",
    [
        "On Mon, 2 Mar 2026 at 09:00, Hartmann Logistics wrote:",
        "Hartmann <jobs@hartmann.example> schrieb am Mo., 2. März:",
        "Le 02/03/2026 à 09h00, Hartmann a écrit :",
    ],
)
@pytest.mark.parametrize("letter", ["", "Unsubscribe from our emails", "See https://a.example/"])
def test_what_a_mail_program_says_was_written_is_left_out_without_marks_too(
    said: str, letter: str
) -> None:
    assert what(plain("Yes, I would.", "", said, "", letter)) == Written("Yes, I would.")


OUTLOOKS = (
    "From: Hartmann Logistics <jobs@hartmann.example>",
    "Sent: Monday, March 2, 2026 9:00 AM",
    "To: Ada <ada@example.org>",
    "Subject: Your application",
    "",
)
LETTER = ("Hello Ada,", "", "Unsubscribe from our emails:", "https://hartmann.example/u", "")
BELOW = {
    "outlook": (*OUTLOOKS, *LETTER, "Hartmann Logistics, Quay 1", "", "Yes, I would."),
    "without the sender": (*OUTLOOKS, *LETTER, "Yes, I would."),
    "outlook's older": ("-----Original Message-----", *OUTLOOKS, *LETTER, "Yes, I would."),
    "gmail without marks": (
        "On Mon, 2 Mar 2026 at 09:00, Hartmann <jobs@hartmann.example> wrote:",
        *LETTER,
        "Yes, I would.",
    ),
    "a letter that ends nowhere": (*OUTLOOKS, "Yes, I would."),
}
SAID_BELOW = [
    "Please unsubscribe me",
    "Yes, see https://ada.example/cv",
    "Call me.\nI moved to Hart",
]


@pytest.mark.parametrize("text", BELOW.values(), ids=BELOW)
def test_an_answer_below_our_letter_is_read_where_nothing_stands_above_it(
    text: tuple[str, ...],
) -> None:
    assert what(plain(*text)) == Written("Yes, I would.")
    assert what(plain("No.", "", *text)) == Written("No.")


@pytest.mark.parametrize("said", SAID_BELOW)
def test_so_it_is_where_it_has_words_of_our_letter(said: str) -> None:
    assert what(plain(*OUTLOOKS, *LETTER, "", *said.split("\n"))) == Written(said)


def test_so_it_is_in_html() -> None:
    heads = "".join(f"<b>{line}</b><br>" for line in OUTLOOKS)
    letter = "".join(f"<p>{line}</p>" for line in LETTER)
    page = f'<div><br></div><hr><div id="divRplyFwdMsg">{heads}</div>{letter}<p>Yes, I would.</p>'
    assert what(html(page)) == Written("Yes, I would.")
    assert what(html(f"<p>No.</p>{page}")) == Written("No.")


def test_of_our_letter_alone_nothing_is_an_answer() -> None:
    assert what(plain(*OUTLOOKS, *LETTER, "Hartmann Logistics, Quay 1")) == Written("")


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("STOP", "STOP"),
        ("I have moved to Graz", "I have moved to Graz"),
        ("=?utf-8?q?D=C3=A9sabonnez-moi?=", "Désabonnez-moi"),
        ("Désabonnez-moi", "Désabonnez-moi"),
        ("Re: Our answer to your application: Roofer", ""),
        ("[EXTERN] AW: Unsere Antwort", ""),
        ("Re: Please unsubscribe me", "Please unsubscribe me"),
        ("Fwd: Please unsubscribe me", ""),
        ("Re: WG: Bitte nicht mehr schreiben", ""),
        ("", ""),
    ],
)
def test_a_subject_is_theirs_where_it_is_neither_ours_nor_passed_on(subject: str, own: str) -> None:
    written = what(plain("Hello", subject=subject))
    assert isinstance(written, Written)
    assert written.subject == own


@pytest.mark.parametrize(
    "mark", ["divRplyFwdMsg", "x_divRplyFwdMsg", "mail-editor-reference-message-container"]
)
@pytest.mark.parametrize(
    "rest",
    [
        "From: Hartmann</div><div>Unsubscribe from our emails</div>",
        "<div>From: Hartmann</div><div>Unsubscribe</div></div>",
        "</div><p>Unsubscribe",
        "",
    ],
)
def test_outlooks_quote_is_left_out_with_all_that_follows_its_beginning(
    mark: str, rest: str
) -> None:
    for space in (" ", "\n"):
        page = f'<div>Yes, I would.</div><hr><div{space}id="{mark}" dir="ltr">{rest}'
        assert what(html(page)) == Written("Yes, I would.")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Yes, I&nbsp;would.</p><p>Ada</p>", "Yes, I would.\n\nAda"),
        ("Yes,<br>I would.<blockquote>Unsubscribe</blockquote>", "Yes,\nI would."),
        ('<div>Yes.</div><div class="gmail_quote"><div>Stop</div>Unsubscribe</div>', "Yes."),
        ("<head><style>p {color: red}</style></head><body>Yes.<!-- stop --></body>", "Yes."),
        ("1 &lt; 2 <b>and\n so</b> on", "1 < 2 and so on"),
        ("Yes. <unfinished", "Yes."),
        ("<script>alert('stop')</script>Yes.", "Yes."),
        ("<s>Please unsubscribe me.</s> Yes. <del>Stop</del>", "Yes."),
        ('Yes.<div style="display: none">Unsubscribe</div>', "Yes."),
        ('<span style="text-decoration:line-through">No.</span>Yes.', "Yes."),
        ('Yes, <img style="display:none"> I would.', "Yes,  I would."),
    ],
)
def test_of_a_mail_in_html_alone_the_words_are_read(page: str, text: str) -> None:
    assert what(html(page)) == Written(text)


def test_files_are_left_out_and_said() -> None:
    assert what(with_files("Here it is.", "cv.pdf", "letter.pdf")) == Written("Here it is.", 2)
    assert what(with_files("Here it is.", "cv.pdf", size=3_000_000)) == Written("Here it is.", 1)


ANOTHERS = plain("Please unsubscribe me.")
IN_PARTS = lines("From: paul@example.org", "Content-Type: multipart/alternative; boundary=c", "")
IN_PARTS += b"--c\r\n" + text("Please unsubscribe me.") + b"--c--\r\n"
NAMED = "Content-Disposition: attachment; filename=mail.eml"
ATTACHED = {
    "as it stands": lines("Content-Type: message/rfc822", "") + ANOTHERS,
    "with a name": lines("Content-Type: message/rfc822", NAMED, "") + ANOTHERS,
    "in parts": lines("Content-Type: message/rfc822", "") + IN_PARTS,
    "in UTF-8": lines("Content-Type: message/global", "") + ANOTHERS,
    "in a digest": lines("Content-Type: multipart/digest; boundary=d", "", "--d", "")
    + ANOTHERS
    + b"--d--\r\n",
    "in another": lines("Content-Type: message/rfc822", "", "Content-Type: message/rfc822", "")
    + ANOTHERS,
}


@pytest.mark.parametrize("attached", ATTACHED.values(), ids=ATTACHED)
@pytest.mark.parametrize("own", ["", "Thank you!", "Please unsubscribe me."])
def test_a_mail_that_is_attached_is_a_file_and_its_words_are_another_s(
    attached: bytes, own: str
) -> None:
    for parts in ((text(own), attached), (attached, text(own))):
        written = what(mixed(*parts))
        assert written == Written(own, 1)
        assert isinstance(written, Written)
        assert written.leaves == own.startswith("Please")
    assert what(attached) == Written("", 1)


def picture(size: int = 300_000, *headers: str) -> bytes:
    given = headers or ("Content-Type: image/png; name=shot.png",)
    body = ["QUJD" * 19] * (size // 78)
    return lines(*given, "Content-Transfer-Encoding: base64", "", *body)


LARGE = {
    "a picture": (picture(),),
    "pictures": (picture(),) * 5,
    "a large one": (picture(5_000_000),),
    "a text that is attached": (picture(300_000, "Content-Type: text/csv", NAMED),),
    "with its type on the next line": (picture(300_000, "content-type:", " Application/PDF"),),
    "a mail with a picture": (
        lines("Content-Type: message/rfc822", "", "Content-Type: multipart/mixed; boundary=c", "")
        + b"--c\r\n"
        + picture()
        + b"\r\n--c--\r\n",
    ),
}


@pytest.mark.parametrize("files", LARGE.values(), ids=LARGE)
def test_words_are_read_behind_a_file_of_whatever_size(files: tuple[bytes, ...]) -> None:
    written = what(mixed(*files, text("Please unsubscribe me.")))
    assert written == Written("Please unsubscribe me.", len(files))
    assert isinstance(written, Written)
    assert written.leaves
    both = what(mixed(text("Thank you,"), *files, text("I would love to.")))
    assert both == Written("Thank you,\n\nI would love to.", len(files))


def test_words_that_only_look_like_the_beginning_of_a_file_are_read() -> None:
    said = ("Look:", "--b2", "Content-Type: image/png", "", "x" * 3000, "Call me.")
    assert what(mixed(text("\r\n".join(said)))) == Written("\n".join(said))
    assert what(plain(*said)) == Written("\n".join(said))


UNREAD: dict[str, bytes] = {
    "behind a text": mixed(text("> quoted\r\n" * 30_000), text("Please unsubscribe me.")),
    "behind headers": plain("Hello", headers=[f"X-A: {'b' * 900}"] * 300),
    "behind parts": plain("Hello", *["Content-Type: text/plain"] * 250),
    "below a long quote": plain("Hi,", *[f"> {'quoted ' * 9}"] * 1500, "I would love to."),
    "below a long page": html(f"<p>Hi</p>{'<blockquote>x</blockquote>' * 3000}<p>I would.</p>"),
    "below many lines": plain("Hi,", *["> x"] * 3000, "I would love to."),
}


@pytest.mark.parametrize("mail", UNREAD.values(), ids=UNREAD)
def test_where_there_was_more_than_is_read_that_is_said(mail: bytes) -> None:
    written = what(mail)
    assert isinstance(written, Written)
    assert (written.is_cut, written.leaves) == (True, False)


def test_a_text_that_is_shown_in_the_mail_is_read_where_nothing_else_was_written() -> None:
    inline = "Content-Disposition: inline; filename=msg.txt"
    shown, stored = text("I would love to.", inline), text("Notes", NAMED)
    assert what(mixed(shown, stored)) == Written("I would love to.", 2)
    assert what(mixed(text("Hello"), shown)) == Written("Hello", 1)
    assert what(mixed(text("I would.", "Content-Disposition: inline"))) == Written("I would.")


@pytest.mark.parametrize(
    ("charset", "sent", "text"),
    [
        ("iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        ("utf-8", "Grüße".encode("latin-1"), "Grüße"),
        ("no-such-charset", "Grüße".encode(), "Grüße"),
        ("utf-16", b"odd", "odd"),
        ("punycode", b"Hello-xyz", "Hello-xyz"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("base64", b"Hello", "Hello"),
        ("utf-8", b"He\0llo\x07 \xe2\x80\xaeyou", "Hello you"),
    ],
)
def test_whatever_encoding_is_said_some_text_is_read(charset: str, sent: bytes, text: str) -> None:
    head = lines("From: a@example.org", f"Content-Type: text/plain; charset={charset}", "")
    assert what(head + sent) == Written(text)


def test_of_a_long_text_the_first_stretch_is_kept_and_that_is_said() -> None:
    written = what(plain("word " * 5000))
    assert isinstance(written, Written)
    assert (len(written.text) <= LONGEST, written.is_cut) == (True, True)


@pytest.mark.parametrize(
    "given",
    ["<a@b>", "", "<x y\r\n z@b>", "<" + "x" * 300 + ">", "<ä@b>"],
    ids=["one", "none", "folded", "long", "not ASCII"],
)
def test_a_mail_is_known_by_an_id_only_where_it_has_one_that_can_be_written(given: str) -> None:
    mail = lines(f"Message-ID: {given}", "", "Hello")
    found, _ = read(Envelope("a@example.org", MailRole.REPLY, mail))
    assert found == (given if given == "<a@b>" else None)


def blocks(many: int, status: str = "") -> bytes:
    """A report of so many recipients, of whom it tells nothing."""
    head = returned().replace(b"Auto-Submitted", b"X").partition(b"Reporting-MTA")[0]
    return head + b"a\r\n\r\n" * many + status.encode() + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    "mail",
    [blocks(30_000), plain(*[""] * 60_000), plain("_\n" * 60_000), mixed(*[text("a")] * 190)],
    ids=["blocks", "lines", "bare line ends", "parts"],
)
def test_what_looks_for_a_servers_own_words_goes_over_no_more_than_its_beginning(
    mail: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[Message] = []

    def all_failures(message: Message) -> tuple[set[bytes], set[bytes]]:
        parts.extend(message.walk())
        return set(), set()

    monkeypatch.setattr(reports, "all_failures", all_failures)
    assert what(mail, MailRole.BOUNCE, sender="") == Automatic()
    assert 0 < len(parts) <= 1500
    assert sum(str(part.get_payload()).count("\n") for part in parts) <= 3000


def test_a_server_is_understood_above_the_whole_of_a_long_letter() -> None:
    qmail = lines(
        "From: MAILER-DAEMON@example.net",
        "",
        "Hi. This is the qmail-send program at example.net.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        "",
        "<ada@example.org>:",
        "Sorry, no mailbox here by that name. (#5.1.1)",
        "",
        "--- Below this line is a copy of the message.",
        *["A" * 70] * 3500,
    )
    assert what(qmail, MailRole.BOUNCE, sender="") == SOFT
    many = blocks(900, f"Final-Recipient: rfc822; {SENDER}\r\nAction: failed\r\nStatus: 5.1.1")
    assert what(many, MailRole.BOUNCE, sender="") == DEAD


def nested(times: int) -> bytes:
    depth = 250 * times
    opened = "".join(
        f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(depth)
    )
    return f"From: a@example.org\r\n{opened}\r\nHello".encode()


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "multiparts in multiparts": nested,
    "parameters": lambda times: lines(f"Content-Type: text/plain;{'a=b;' * 4000 * times}", "", "x"),
    "headers": lambda times: lines(*["X-A: b"] * 1000 * times, "", "x"),
    "parts": lambda times: lines(
        "Content-Type: multipart/mixed; boundary=b",
        *["", "--b", "Content-Type: text/plain", "", "hello"] * 300 * times,
    ),
    "tags that never end": lambda times: html("<!--" * 4000 * times),
    "tags in quotes": lambda times: html("<div class=gmail_quote><div>" * 1000 * times),
    "quotes": lambda times: plain(*["On 2 May 2026 somebody wrote:", "> x"] * 400 * times),
    "attributions": lambda times: plain(*["On 2.5.2026 at 9:00 Ines wrote:", "x"] * 400 * times),
    "subjects": lambda times: plain("Hi", subject="Re: [a] " * 500 * times),
    "lines below": lambda times: plain(*OUTLOOKS, *["From: x", "https://x", ""] * 300 * times),
    "names": lambda times: plain(*["Ada" * 40] * 300 * times, subject="STOP"),
    "from lines": lambda times: plain(*["From: x"] * 1000 * times),
    "one long line": lambda times: plain("a " * 8000 * times),
    "files": lambda times: mixed(*[picture(3000)] * 60 * times),
    "a file of what may be its end": lambda times: mixed(
        lines("Content-Type: image/png", "", *["--", "--b x"] * 20_000 * times)
    ),
    "boundaries": lambda times: lines(
        *[f"Content-Type: image/png; boundary=b{at}\r\n\r\n--b{at}" for at in range(300 * times)]
    ),
    "blocks of a report": lambda times: blocks(1000 * times),
    "lines that say nothing": lambda times: plain(*["_"] * 10_000 * times),
    "parts without a type": lambda times: mixed(*[b""] * 1000 * times),
    "messages in messages": lambda times: b"Content-Type: message/rfc822\r\n\r\n" * 300 * times,
    "entities": lambda times: html("&amp" * 3000 * times),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("sender", ["ada@example.org", ""])
def test_no_mail_costs_more_than_its_length(make: Callable[[int], bytes], sender: str) -> None:
    def work(content: bytes) -> object:
        return what(content, MailRole.BOUNCE, sender)

    assert growth(make, work) <= MOST_GROWTH
