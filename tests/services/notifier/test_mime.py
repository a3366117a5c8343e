from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.channels import Parcel
from services.notifier.channels.mime import BadAddress, Composer
from services.notifier.domain import Rendered

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


def test_a_mail_without_html_has_one_part() -> None:
    _, read = mail(html=None, text="Grüße\n")
    assert read.get_content_type() == "text/plain"
    assert read.get_content().strip() == "Grüße"


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
        "ädä@b.example",
    ],
)
def test_an_address_that_is_not_one_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        mail(address=address)


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
