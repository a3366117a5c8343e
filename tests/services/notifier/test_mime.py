import re
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.channels import Parcel
from services.notifier.channels.mime import BadAddress, Composer, wire_address
from services.notifier.domain import Rendered
from shared.contract.events.people import PersonName
from shared.contract.mail_marks import MailProvider

COMPOSER = Composer("Bäckerei Acme, GmbH", "jobs@acme.example", "hr@acme.example")

NAMES = [
    "Ada Lovelace",
    "Zoë Müller",
    'Ada "the first" Lovelace',
    "Lovelace, Ada; <ada@evil.example>",
    "Ada\r\nBcc: victim@evil.example",
    "Ada\nX: y\x00\x1b[31m",
    "山田太郎",
    "=?utf-8?q?Bcc=3A_x=40evil=2Eexample?=",
    "a@b.example",
    "\\",
    "",
]


def mail(
    *,
    name: str = "Ada",
    address: str = "ada@example.com",
    subject: str = "Hello",
    text: str = "Hello\n",
    html: str | None = "<p>Hello</p>\n",
    headers: dict[str, str] | None = None,
) -> tuple[bytes, EmailMessage]:
    words = Rendered(subject, text, html, "v1", headers=headers or {})
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    raw = COMPOSER.compose(Parcel("m-1", "c1", name, address, words, at))
    return raw, message_from_bytes(raw, _class=EmailMessage, policy=default)


def test_a_mail_has_its_parts_and_what_tells_machines_from_people() -> None:
    _, read = mail(text="Hallo Zoë\n", html="<p>Hallo Zoë</p>\n")
    assert read["Message-ID"] == "<m-1@acme.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert str(read["Reply-To"]) == "hr@acme.example"
    assert read["From"].addresses[0].display_name == "Bäckerei Acme, GmbH"
    assert read.get_content_type() == "multipart/alternative"
    plain, html = read.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().split() == ["Hallo", "Zoë"]
    assert html.get_content().strip() == "<p>Hallo Zoë</p>"
    assert read.defects == []


@pytest.mark.parametrize(
    ("provider", "header", "value"),
    [
        ("ses", "X-Notyet-Message", "m-1.c1"),
        ("sendgrid", "X-SMTPAPI", '{"unique_args": {"notyet-message": "m-1.c1"}}'),
        ("mailgun", "X-Mailgun-Variables", '{"notyet-message": "m-1.c1"}'),
        ("postmark", "X-PM-Metadata-notyet-message", "m-1.c1"),
    ],
)
def test_a_mail_carries_the_mark_that_its_provider_hands_back(
    provider: MailProvider, header: str, value: str
) -> None:
    composer = Composer("Acme", "jobs@acme.example", provider=provider)
    words = Rendered("Hello", "Hello", None, "v1")
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    raw = composer.compose(Parcel("m-1", "c1", "Ada", "ada@example.com", words, at))
    read = message_from_bytes(raw, _class=EmailMessage, policy=default)
    assert read[header] == value
    assert b"m-1.c1" not in COMPOSER.compose(Parcel("m-1", "c1", "", "a@example.com", words, at))


def test_a_mail_without_html_has_one_part() -> None:
    _, read = mail(html=None, text="Grüße\n")
    assert read.get_content_type() == "text/plain"
    assert read.get_content().strip() == "Grüße"


def squeezed(text: str) -> str:
    """A space is read into a word that takes more than one encoded word."""
    return "".join(text.split())


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_header_or_a_recipient(name: str) -> None:
    raw, read = mail(name=name)
    assert len(read["To"].addresses) == 1
    assert read["To"].addresses[0].addr_spec == "ada@example.com"
    assert read["Bcc"] is None
    assert read["X"] is None
    assert [key.lower() for key in read].count("to") == 1
    assert b"\x00" not in raw


@pytest.mark.parametrize("name", NAMES[:4])
def test_an_ordinary_name_is_read_as_it_was_written(name: str) -> None:
    assert mail(name=name)[1]["To"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "ada@b.example, eve@evil.example",
        "ada@b.example>\r\nRCPT TO:<eve@evil.example",
        "ada@b.example\nBcc: eve@evil.example",
        "<ada@b.example>",
        "ada b@c.example",
        "ädä b@c.example",
        "ädä@",
        "ädä@b.example>\r\nRCPT TO:<eve@evil.example",
        "ädä\u2028@b.example",
        "ada@-bücher-.example",
    ],
)
def test_an_address_that_is_not_one_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        mail(address=address)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ädä@b.example", "ädä@b.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ],
)
def test_an_address_outside_ascii_has_its_domain_in_a_labels(address: str, written: str) -> None:
    raw, _ = mail(address=address)
    read = message_from_string(raw.decode(), policy=default)
    assert wire_address(address) == written
    assert [each.addr_spec for each in read["To"].addresses] == [written]


@pytest.mark.parametrize("letter", ["ä", "न", "𝐀"])
def test_no_space_comes_into_a_name_of_words_up_to_39_bytes(letter: str) -> None:
    longest = letter * (38 // len(letter.encode()))
    for name in (longest, f"{longest} {longest}", f"Ada {longest} di {longest}"):
        assert mail(name=name)[1]["To"].addresses[0].display_name.split() == name.split()


@given(
    name=st.text(max_size=120),
    subject=st.text(max_size=200),
    given_name=st.text(max_size=60) | st.none(),
)
def test_parsers_of_the_standard_library_read_every_header_without_a_defect(
    name: str, subject: str, given_name: str | None
) -> None:
    person = PersonName(given_name=given_name, full_name=name)
    raw, read = mail(name=person.display, subject=subject)
    assert not read.defects
    for field in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To"):
        assert len(read.get_all(field, [])) == 1
        assert not read[field].defects
    assert [each.addr_spec for each in read["To"].addresses] == ["ada@example.com"]
    assert squeezed(read["To"].addresses[0].display_name) == squeezed(person.display)
    old = message_from_bytes(raw, policy=compat32)
    ((written, address),) = getaddresses([old["To"]])
    assert address == "ada@example.com"
    assert str(make_header(decode_header(written))).split() == person.display.split()


@pytest.mark.parametrize("value", ["<https://x>\r\nBcc: eve@evil.example", "<https://ä>", "a\x00b"])
def test_a_header_that_cannot_be_written_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        mail(headers={"List-Unsubscribe": value})


@given(subject=st.text(max_size=300), text=st.text(max_size=3000), name=st.text(max_size=120))
def test_whatever_is_written_is_seven_bit_crlf_and_read_the_same(
    subject: str, text: str, name: str
) -> None:
    for sample in (subject, text, name):
        try:
            sample.encode()
        except UnicodeEncodeError:
            return
    raw, read = mail(subject=subject, text=text, name=name)
    lines = raw.split(b"\r\n")
    assert raw.endswith(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert raw.isascii()
    assert list(read.keys()) == list(mail()[1].keys())
    plain = next(iter(read.iter_parts())).get_payload(decode=True)
    assert isinstance(plain, bytes)
    assert "\n".join(plain.decode().splitlines()).rstrip() == "\n".join(text.splitlines()).rstrip()


@given(subject=st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Z"])))
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    spaced = f"{subject} wörd {subject}".strip()
    assert "".join(str(mail(subject=spaced)[1]["Subject"]).split()) == "".join(spaced.split())


@pytest.mark.parametrize(
    "subject",
    [
        "\U0001f64f" * 50,
        "Koch \U0001f469\U0001f3fd\u200d\U0001f373 und \U0001f468\u200d\U0001f469\u200d\U0001f467 "
        * 5,
        "ночная смена " * 12,
        "夜班面包师" * 20,
    ],
)
def test_each_encoded_word_of_a_long_subject_is_whole_characters(subject: str) -> None:
    raw, read = mail(subject=subject)
    [header] = re.findall(rb"^Subject:((?:.*\r\n)(?:[ \t].*\r\n)*)", raw, re.MULTILINE)
    words = re.findall(r"=\?[^?]+\?[bq]\?[^?]*\?=", header.decode(), re.IGNORECASE)
    assert len(words) > 1
    for word in words:
        [(octets, encoding)] = decode_header(word)
        assert encoding
        assert octets.decode(encoding)
    assert str(read["Subject"]).split() == subject.split()
