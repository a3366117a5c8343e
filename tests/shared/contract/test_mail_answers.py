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


@pytest.mark.parametrize("piece", ["sender ", "a.", "aaaa", "<@", '"', "reached ", "over a "])
def test_no_answer_costs_more_than_its_length(piece: str) -> None:
    assert growth(lambda times: piece * 1000 * times, says_no_mailbox) <= MOST_GROWTH
