"""What is read out of a mail server's answer, whoever passes it on."""

import pytest

from shared.contract.mail_answers import says_no_mailbox
from tests.linear import MOST_GROWTH, growth


@pytest.mark.parametrize(
    "answer",
    [
        "<ada@contemporaryart.example>: Recipient address rejected: User unknown",
        "<jo@exceed.example>: user unknown",
        "<quota.manager@x.example> user unknown",
        "anna.block@x.example Addressee unknown",
        "sarah.sizemore@x.example undeliverable address",
        '"Anna Block" <anna@x.example> unknown',
        '"policy officer"@x.example unknown',
        "User 'spamlover' rejected",
        "<later@suspended.example>: User unknown",
        "<absender@x.example>: unbekannt",
        "<spf@sender.example>: unknown",
        "SIZE.Bob@EXCEED.EXAMPLE unknown",
        "/o=Org/ou=x/cn=Recipients/cn=quota.manager not found",
        "host mx.full-relay.example[192.0.2.4] said: no such user",
        "Host not found. Name service error for name=relay.x.example type=AAAA",
        "no such user (id 452), see https://x.example/policy",
        "User not listed in public Name & Address Book",
    ],
)
def test_the_names_in_an_answer_are_no_reasons(answer: str) -> None:
    assert says_no_mailbox("5.1.1", f"smtp; 550 5.1.1 {answer}") is True


@pytest.mark.parametrize(
    "answer",
    [
        "no such user here. Please contact the sender",
        "user unknown, message returned to sender",
        "The recipient does not exist; the sender should check the address",
        "Dear sender, no such user here",
        "user removed from address book",
        "Your message from Monday to ada@x.example: no such user",
        "The full address does not exist",
        "user unknown (in reply to RCPT TO command)",
    ],
)
def test_who_is_only_spoken_to_does_not_save_a_mailbox_that_is_not_there(answer: str) -> None:
    assert says_no_mailbox("5.1.1", f"smtp; 550 5.1.1 {answer}") is True


@pytest.mark.parametrize(
    "answer",
    [
        "From address does not exist",
        "The address in the From header does not exist",
        "Your From: <letters@x.example> does not exist",
        "sender <letters@x.example> does not exist: no such user",
        "<letters@x.example> originator does not exist",
        "<letters@x.example> (sender): user unknown",
        "unknown originator address",
        "no such sender",
        "envelope-from address does not exist",
        "Return-Path address unknown",
        "the return address does not exist",
        "SPF check failed: no such address",
        "HELO name does not exist",
        "MAIL FROM address does not exist",
        "Absenderadresse existiert nicht",
        "expéditeur inconnu",
        "remitente desconocido",
    ],
)
@pytest.mark.parametrize("code", ["", "5.1.1 "])
def test_that_the_sender_does_not_exist_ends_no_address(answer: str, code: str) -> None:
    assert says_no_mailbox(f"smtp; 550 {code}{answer}") is False


@pytest.mark.parametrize(
    "answer",
    [
        "recipient's inbox is out of storage space",
        "user over limit",
        "over its storage limit",
        "insufficient system storage",
        "no space left",
        "too much mail in the mailbox",
        "Inbox full",
        "mailbox for user is full",
        "mailbox has reached its maximum size",
        "cannot accept any more mail",
        "User account is inactive, buzón lleno",
        "Das Postfach des Empfängers ist voll",
        "La boîte de réception est pleine",
        "la casella di posta è piena",
    ],
)
@pytest.mark.parametrize("code", ["", "5.1.1 "])
def test_a_full_mailbox_is_one_in_whatever_words(answer: str, code: str) -> None:
    assert says_no_mailbox(f"smtp; 550 {code}{answer}") is False


@pytest.mark.parametrize(
    "answer",
    [
        "Mailbox is suspended for maintenance",
        "Account disabled until Monday",
        "mailbox is being migrated",
        "User is locked",
        "mailbox currently unavailable",
        "mailbox unavailable during upgrade",
        "Konto vorübergehend gesperrt",
    ],
)
def test_a_mailbox_that_is_closed_for_now_ends_no_address(answer: str) -> None:
    assert says_no_mailbox("5.2.1", f"smtp; 550 5.2.1 {answer}") is False


@pytest.mark.parametrize(
    "answer",
    [
        "LDAP lookup failure",
        "recipient verification failed: server down",
        "database unavailable",
        "backend error, user lookup failed",
        "internal error",
        "Service not available, closing channel",
        "message could not be stored",
        "account has not been activated yet",
        "Kontingent überschritten",
        "Postfach hat sein Limit erreicht",
        "cuota superada",
        "espacio insuficiente",
        "espace disque insuffisant",
        "skrzynka pełna",
        "Mailbox is at 100%",
        "rejected as phishing",
        "bulk mail refused",
        "unsolicited mail refused",
        "recipient rejected your message",
        "mail rejected by recipient's rule",
        "Your domain e.example has no valid MX",
    ],
)
def test_what_ails_a_server_or_a_mail_ends_no_address_whatever_the_code(answer: str) -> None:
    assert says_no_mailbox("5.1.1", f"smtp; 550 5.1.1 {answer}") is False


@pytest.mark.parametrize("answer", ["the moon is in the wrong house", "kan niet", "try the phone"])
def test_words_that_nobody_knows_end_no_address(answer: str) -> None:
    assert says_no_mailbox("5.1.1", f"smtp; 550 5.1.1 {answer}") is None


@pytest.mark.parametrize("answer", ["", "<ada@x.example>", "Delivery failed", "message bounced"])
def test_a_code_beside_which_nothing_is_said_speaks_for_itself(answer: str) -> None:
    assert says_no_mailbox("5.1.1", f"smtp; 550 5.1.1 {answer}") is True


@pytest.mark.parametrize(
    "answer",
    [
        "5.4.1 Recipient address rejected: Access denied. AS(201806281)",
        "5.4.1 [ada@x.example]: Recipient address rejected: Access denied",
        "5.4.1 Recipient address rejected: Access denied. [AM7.prod.protection.outlook.com 2026]",
        "5.3.0 <ada@x.example>... No such user here",
        "5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
        "5.7.1 No such user!",
        "5.1.0 Recipient unknown",
        "5.1.351 Remote server returned unknown recipient or mailbox unavailable",
        "5.1.1 <ada@x.example>: User unknown; please check the address and retry",
        "5.1.1 User unknown in virtual mailbox table",
        "5.1.1 not found in our LDAP directory: no such user",
        "5.1.1 Sorry, no mailbox here by that name.",
        "5.1.1 Adresse inexistante",
        "5.1.1 Empfänger nicht gefunden",
        "5.1.1 This user doesn't have an account here",
        "5.1.1 mailbox closed",
        "5.1.6 Mailbox has moved",
    ],
)
def test_what_servers_answer_for_users_they_do_not_know_ends_an_address(answer: str) -> None:
    assert says_no_mailbox(answer[:6].strip(), f"smtp; 550 {answer}") is True


@pytest.mark.parametrize(
    "answer",
    [
        "5.7.1 user unknown to us because you are listed at zen.example",
        "5.7.1 Access denied",
        "5.7.1 user unknown",
        "5.4.1 Relay access denied",
        "5.5.0 Requested action not taken",
        "5.2.2 no such mailbox space",
        "5.4.7 message expired: user not found",
    ],
)
def test_other_codes_say_less_than_that_unless_words_do(answer: str) -> None:
    assert says_no_mailbox(f"smtp; 550 {answer}") is False


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("550 no such user letters@employer.example", False),
        ("550 5.1.1 <letters@employer.example>: user unknown", False),
        ("550 5.1.1 user unknown: <letters@employer.example>", False),
        ("550 no such user ada@x.example", True),
        ("550 5.1.1 <Ada@mx.x.example>: user unknown", True),
        ("550 5.1.1 user unknown. Questions go to postmaster@x.example", True),
        ("550 5.1.1 user unknown", True),
    ],
)
def test_that_another_mailbox_is_not_there_ends_no_address(answer: str, says: bool) -> None:
    assert says_no_mailbox(answer, whose=["ada@x.example"]) is says


@pytest.mark.parametrize(
    "piece", ["sender ", "a.", "aaaa", "<@", '"', "reached ", "over a ", "user ", "no such "]
)
def test_no_answer_costs_more_than_its_length(piece: str) -> None:
    assert growth(lambda times: piece * 1000 * times, says_no_mailbox) <= MOST_GROWTH
