"""Real mail through the door: it is answered once it is kept, and has its effect once."""

import asyncio
import json
import random
import smtplib
import socket
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.intake.mailbox import door
from services.intake.mailbox.door import BUSY, LARGEST, MOST_CONNECTIONS, Door
from services.intake.mailbox.mailbox import Mailbox, SmtpReply
from services.intake.mailbox.receiving import MOST_A_DAY
from services.intake.metrics import IntakeMetrics
from services.intake.replies import store as replies
from services.intake.replies.looking import look
from shared.contract.mail_addresses import MailAddress, MailRole
from shared.runtime.links import LinkPurpose, Links
from tests.databases import Databases
from tests.services.intake.house import House
from tests.services.intake.mailbox.mails import (
    SENDER,
    complained,
    html,
    lines,
    plain,
    returned,
    with_files,
)
from tests.services.intake.messages.test_handlers import MIRA, hear, message
from tests.services.intake.pages.test_short_link import tell
from tests.services.intake.shell import shell_on
from tests.services.intake.upstream import ERASURE, erased, record, rejected, standing

DOMAIN = "replies.hartmann.example"


@dataclass
class Post:
    """The employer's mail server, and a mail of ours that was sent to Ada."""

    house: House
    door: Door
    token: str

    def at(self, role: MailRole, token: str | None = None) -> str:
        return MailAddress(role, self.token if token is None else token).at(DOMAIN)

    async def send(
        self,
        content: bytes,
        role: MailRole = MailRole.REPLY,
        *,
        to: str | None = None,
        sender: str = SENDER,
    ) -> str:
        """Hands a mail over; returns what was answered to it."""
        return await asyncio.to_thread(self._send, content, to or self.at(role), sender)

    def _send(self, content: bytes, to: str, sender: str) -> str:
        with smtplib.LMTP("127.0.0.1", self.door.port) as lmtp:
            try:
                lmtp.sendmail(sender, [to], content)
            except smtplib.SMTPRecipientsRefused as refused:
                [(code, said)] = refused.recipients.values()
                return f"{code} {said.decode()}"
            except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
                error = refused.smtp_error
                text = error.decode() if isinstance(error, bytes) else error
                return f"{refused.smtp_code} {text}"
            return SmtpReply.TAKEN

    async def what(self) -> list[tuple[str, dict[str, Any]]]:
        """Returns what was published of Ada and what she answered, in order."""
        return [(event["type"], event["data"]) for event in await self.house.published()]


async def written(house: House, message: str = "m-1", **claims: str) -> str:
    """Lets a mail leave, of which intake is told; returns the token in its addresses."""
    said = {"candidate": "ada", "message": message, "wording": "invitation.en.1"}
    said |= {"purpose": "invitation", "vacancy": "v-9", "application": "a-1", **claims}
    said |= {"address": house.links.marks("ada@example.org")[0]}
    now = house.clock.now()
    link = house.links.mail_return(message, said, now, now + timedelta(days=366))
    await tell(house, link)
    return link.token


@pytest.fixture
async def post(house: House) -> AsyncIterator[Post]:
    await house.add_vacancy()
    await house.add_candidate(phone="+4915112345678")
    await house.add_rejection()
    await house.add_consent("ada")
    metrics = IntakeMetrics(CollectorRegistry())
    mailbox = Mailbox(house.database, house.clock, house.links, DOMAIN, metrics)
    door = Door(mailbox, "127.0.0.1", 0)
    await door.open()
    yield Post(house, door, await written(house))
    await door.close()


async def noted(house: House, kind: str = "mail_replied") -> list[dict[str, Any]]:
    rows = await house.rows("select facts from timeline where kind = $1 order by id", kind)
    return [json.loads(row["facts"]) for row in rows]


async def test_an_answer_holds_all_that_would_be_written_until_a_human_looked(post: Post) -> None:
    assert await post.send(with_files("I would love to.\n\n> Hi", "cv.pdf")) == SmtpReply.TAKEN
    [facts] = await noted(post.house)
    assert (facts["text"], facts["attachments"]) == ("I would love to.", 1)
    [(_, candidate), (_, recipient), (_, reply)] = await post.what()
    assert (candidate["candidateId"], recipient["held"]) == ("ada", ["email", "sms"])
    assert [each["recruiterId"] for each in reply["recruiters"]] == ["rita"]
    assert (reply["messageId"], reply["vacancyTitle"]) == ("m-1", "Dispatcher, day shift")
    assert "love" not in str(reply)
    async with post.house.database.transaction() as conn:
        [waiting] = await replies.unread(conn, 10)
        assert waiting["texts"] == ["I would love to."]
        assert await look(conn, "ada", post.house.clock.now(), stop=False)
    assert "held" not in (await post.house.published("recipient.changed"))[-1]["data"]


async def test_its_recruiter_reads_it_on_a_page_and_says_so(post: Post) -> None:
    await post.send(html("<p>I would <b>love</b> to.</p>"))
    [reply] = await post.house.published("reply.received")
    page, foreign = (
        post.house.link(LinkPurpose.REPLY, reply=reply["data"]["replyId"], recruiter=recruiter)
        for recruiter in ("rita", "rob")
    )
    before = await post.house.dump()
    assert (await post.house.client.get(foreign)).status_code == 404
    shown = (await post.house.client.get(page)).text
    assert await post.house.dump() == before
    for said in ("Ada Lovelace", "I would love to.", "our invitation", "Dispatcher, day shift"):
        assert said in shown
    assert "mailto:ada%40example.org?In-Reply-To=%3Chtml%40example.org%3E" in shown
    assert (await post.house.client.post(foreign, data={"do": "read"})).status_code == 404
    assert (await post.house.client.post(page, data={"do": "?"})).status_code == 422
    assert (
        "we may write to them again"
        in (await post.house.client.post(page, data={"do": "read"})).text
    )
    assert "held" not in (await post.house.published("recipient.changed"))[-1]["data"]


async def test_a_yes_that_its_recruiter_reads_in_it_answers_the_very_invitation(post: Post) -> None:
    post.token = await written(post.house, "m-2", contact="k-2")
    await post.send(plain("Yes, gladly! When can we talk?"))
    [reply] = await post.house.published("reply.received")
    assert reply["data"]["contactId"] == "k-2"
    page = post.house.link(LinkPurpose.REPLY, reply=reply["data"]["replyId"], recruiter="rita")
    assert "we write nothing more to them" in (await post.house.client.get(page)).text
    await post.house.client.post(page, data={"do": "interested"})
    [raised] = await post.house.published("interest.raised")
    said = raised["data"]
    assert (said["contactId"], said["applicationId"], said["vacancyId"]) == ("k-2", "a-1", "v-9")
    assert "held" not in (await post.house.published("recipient.changed"))[-1]["data"]
    [facts] = await noted(post.house, "interested")
    assert facts == {"how": "recruiter", "messageId": "m-2", "wordingVersion": "invitation.en.1"}


async def test_to_read_one_answer_ends_no_wait_for_a_later_one(post: Post) -> None:
    texts = ("When do you open?", "I moved.", "Please, I would rather hear no more of this.")
    for nth, text in enumerate(texts):
        await post.send(plain(text).replace(b"<one@", f"<{nth}@".encode()))
        post.house.clock.move(timedelta(minutes=1))
    links = [
        post.house.link(LinkPurpose.REPLY, reply=reply["data"]["replyId"], recruiter="rita")
        for reply in await post.house.published("reply.received")
    ]
    for read, left in ((1, [texts[2]]), (0, [texts[2]]), (2, [])):
        await post.house.client.post(links[read], data={"do": "read"})
        async with post.house.database.connection() as conn:
            waiting = [text for row in await replies.unread(conn, 10) for text in row["texts"]]
        assert waiting == left
        held = (await post.house.published("recipient.changed"))[-1]["data"].get("held")
        assert held == (["email", "sms"] if left else None)
        assert ("I have read it" in (await post.house.client.get(links[2])).text) is bool(left)


async def test_a_recruiter_who_reads_a_stop_in_it_ends_every_message(post: Post) -> None:
    await post.send(plain("Enough of this, I have said so before and I say it again"))
    [reply] = await post.house.published("reply.received")
    link = post.house.link(LinkPurpose.REPLY, reply=reply["data"]["replyId"], recruiter="rita")
    await post.house.client.post(link, data={"do": "stop"})
    assert (await post.house.published("recipient.changed"))[-1]["data"]["stopped"] == [
        "email",
        "sms",
    ]


@pytest.mark.parametrize("words", ["Please remove me from your list", "keine Mails mehr", "Stop"])
async def test_a_wish_to_hear_no_more_is_granted_at_once_and_confirmed(
    post: Post, words: str
) -> None:
    for nth in range(2):
        mail = plain(words).replace(b"<one@", f"<{nth}@".encode())
        assert await post.send(mail) == SmtpReply.TAKEN
    assert [name for name, _ in await post.what()] == [
        "candidate.changed.v1",
        "recipient.changed.v1",
        "link.requested.v1",
    ]
    [(_, _), (_, recipient), (_, confirmed)] = await post.what()
    assert recipient["stopped"] == ["email", "sms"]
    assert (confirmed["purpose"], confirmed["channel"]) == ("stopped", "email")
    async with post.house.database.connection() as conn:
        assert await replies.count(conn) == 0


async def test_a_wish_in_the_subject_of_an_empty_mail_is_granted_and_kept(post: Post) -> None:
    mail = plain("", subject="STOP - please never write to me again")
    assert await post.send(mail) == SmtpReply.TAKEN
    stopped = (await post.house.published("recipient.changed"))[-1]
    assert stopped["data"]["stopped"] == ["email", "sms"]
    [facts] = await noted(post.house)
    assert facts["subject"] == "STOP - please never write to me again"


async def test_a_human_reads_the_subject_too_and_what_is_true_of_a_mail_without_words(
    post: Post, databases: Databases
) -> None:
    await post.send(plain("", subject="I have moved to Graz"))
    await post.send(plain("From 3 May", subject="My new number").replace(b"<one@", b"<two@"))
    await post.send(with_files("", "cv.pdf"))
    _, shown = await shell_on(databases)("replies", "list")
    said = ("I have moved to Graz", "My new number", "From 3 May", "a mail without words of their")
    assert [words in shown for words in said] == [True] * 4
    assert "share the number" not in shown


async def test_who_looks_for_answers_is_told_where_there_was_more_of_one(
    post: Post, databases: Databases
) -> None:
    for mail in (plain("Hello"), plain("Hi", *["Content-Type: a/b"] * 300)):
        _, shown = await shell_on(databases)("replies", "list")
        assert "there was more" not in shown
        await post.send(mail)
    _, shown = await shell_on(databases)("replies", "list")
    assert "there was more, which is not kept" in shown


async def test_whose_mail_an_operator_has_read_and_settled_is_kept(
    post: Post, databases: Databases
) -> None:
    await post.house.add_candidate("ben", name="Ben Noor", email="ben@example.org")
    await post.send(plain("Which shift would it be?"))
    shell = shell_on(databases)
    for words in (["list"], ["looked", "ben"], ["looked", "ada"], ["list"]):
        await shell("replies", *words)
    assert await shell.audited("ada") == ["replies list", "replies looked"]
    assert await shell.audited("ben") == []


async def test_a_mail_to_unsubscribe_ends_email_alone(post: Post) -> None:
    assert await post.send(plain(""), MailRole.UNSUBSCRIBE) == SmtpReply.TAKEN
    [recipient] = await post.house.published("recipient.changed")
    assert recipient["data"]["stopped"] == ["email"]


async def test_a_mail_that_comes_back_is_reported_and_one_from_a_full_mailbox_ends_no_address(
    post: Post,
) -> None:
    assert await post.send(returned(status="5.2.2"), MailRole.BOUNCE, sender="") == SmtpReply.TAKEN
    post.token = await written(post.house, "m-2")
    assert await post.send(returned(), MailRole.BOUNCE, sender="") == SmtpReply.TAKEN
    reported = [event["data"] for event in await post.house.published("delivery.reported")]
    assert [(it["messageId"], it.get("addressIsDead", False)) for it in reported] == [
        ("m-1", False),
        ("m-2", True),
    ]


@pytest.mark.parametrize("role", [MailRole.BOUNCE, MailRole.COMPLAINTS])
async def test_a_complaint_ends_what_was_agreed_to_for_email(post: Post, role: MailRole) -> None:
    about = complained(about=post.at(MailRole.REPLY))
    to = f"complaints@{DOMAIN}" if role is MailRole.COMPLAINTS else post.at(role)
    assert await post.send(about, to=to) == SmtpReply.TAKEN
    [reported] = await post.house.published("delivery.reported")
    assert reported["data"]["outcome"] == "complained"
    assert (await post.house.published("recipient.changed"))[-1]["data"]["stopped"] == ["email"]


async def test_what_a_machine_wrote_changes_nothing(post: Post) -> None:
    before = await post.house.dump()
    away = plain("Stop. I am away.", headers=["Auto-Submitted: auto-replied"])
    for mail in (away, returned("delayed", "4.4.1"), complained("not-spam")):
        assert await post.send(mail) == SmtpReply.TAKEN
    assert await post.send(plain("Stop"), sender="") == SmtpReply.TAKEN
    to_nobody = plain(f"Stop {post.at(MailRole.REPLY)}")
    assert await post.send(to_nobody, to=f"complaints@{DOMAIN}") == SmtpReply.TAKEN
    assert await post.house.dump() == before


async def test_a_mail_that_comes_twice_is_one(post: Post) -> None:
    for mail in (plain("Yes"), plain("Yes"), lines("", "No id"), lines("", "No id")):
        assert await post.send(mail) == SmtpReply.TAKEN
    assert [facts["text"] for facts in await noted(post.house)] == ["Yes", "No id"]
    assert len(await post.house.published("reply.received")) == 2


async def test_two_mails_that_share_an_id_are_both_read(post: Post) -> None:
    assert await post.send(plain("Thank you")) == SmtpReply.TAKEN
    assert await post.send(plain("Please stop emailing me.")) == SmtpReply.TAKEN
    stopped = (await post.house.published("recipient.changed"))[-1]
    assert stopped["data"]["stopped"] == ["email", "sms"]


async def test_nothing_is_answered_for_a_token_that_is_not_ours(post: Post) -> None:
    before = await post.house.dump()
    theirs = Links("another key of at least thirty-two bytes", "https://x.example")
    now = post.house.clock.now()
    forged = theirs.mail_return("m-1", {}, now, now).token
    turned = "".join(random.Random(1).sample(post.token, len(post.token)))
    for token in (forged, turned, "", "a" * 48, post.token[:-1], post.token + "a"):
        to = f"reply+{token}@{DOMAIN}"
        assert (await post.send(plain("Stop"), to=to)).startswith("55"), token
    for to in (f"ada@{DOMAIN}", f"reply+{post.token}@elsewhere.example", f"reply@{DOMAIN}"):
        assert await post.send(plain("Stop"), to=to) == SmtpReply.NO_ADDRESS
    assert await post.house.dump() == before


async def test_a_token_is_read_in_either_case_and_under_a_key_from_before(post: Post) -> None:
    assert await post.send(plain("Yes"), to=post.at(MailRole.REPLY).upper()) == SmtpReply.TAKEN
    rotated = Links("a new key of at least thirty-two bytes", "https://x.example", [KEY])
    token = rotated.mail(post.token)
    assert token is not None
    [known] = await post.house.rows("select token_hash from short_links")
    assert known["token_hash"] in token.hashes


KEY = "a key of at least thirty-two bytes, for tests"


async def test_a_mail_that_is_quicker_than_the_news_of_ours_comes_again(post: Post) -> None:
    now = post.house.clock.now()
    post.token = post.house.links.mail_return("m-9", {}, now, now + timedelta(days=1)).token
    assert await post.send(plain("Yes")) == SmtpReply.NOT_YET
    post.house.clock.move(timedelta(hours=2))
    assert await post.send(plain("Yes")) == SmtpReply.NO_ADDRESS


async def test_an_erasure_finds_the_answer_and_leaves_no_address(post: Post) -> None:
    await post.send(plain("My canary sings"))
    async with post.house.database.transaction() as conn:
        await ERASURE.erase(conn, ["ada"], post.house.clock.now())
    kept = {name: rows for name, rows in (await post.house.dump()).items() if name != "outbox"}
    assert "canary" not in str(kept)
    post.house.clock.move(timedelta(hours=2))
    assert await post.send(plain("Hello?")) == SmtpReply.NO_ADDRESS


async def test_a_letter_that_told_of_another_applicant_too_is_heard_to_come_back_after_an_erasure(
    post: Post,
) -> None:
    """Nobody else is written to for what comes to its addresses: who answers is refused."""
    database = post.house.database
    both = [rejected(person=MIRA), rejected("x-1", "export-1", source="hr", person=MIRA)]
    await record(database, *both)
    [person] = await standing(database)
    candidate_id = person["candidateId"]
    [letter] = {it.get("toldWith", it["applicationId"]) for it in person["rejections"]}
    claims = {"candidate": candidate_id, "message": "m-7", "application": letter}
    claims |= {"address": post.house.links.marks("mira@mail.example")[0]}
    now = post.house.clock.now()
    link = post.house.links.mail_return("m-7", claims, now, now + timedelta(days=366))
    await tell(post.house, link, to=candidate_id)
    sent = message(candidate_id, application_id=letter, message_id="m-7")
    await hear(database, sent)
    teller = erased("p-1") if letter == "a-1" else erased("x-1", source="hr")
    await record(database, teller)
    post.token = link.token
    post.house.clock.move(timedelta(hours=2))
    assert await post.send(plain("Hello?")) == SmtpReply.NO_ADDRESS
    assert await post.send(returned(), MailRole.BOUNCE, sender="") == SmtpReply.TAKEN
    [reported] = await post.house.published("delivery.reported")
    assert (reported["data"]["messageId"], reported["data"]["outcome"]) == ("m-7", "bounced")


async def test_whoever_answers_all_day_is_read_tomorrow(post: Post) -> None:
    answers = [
        await post.send(plain("Me again").replace(b"<one@", f"<{nth}@".encode()))
        for nth in range(MOST_A_DAY + 2)
    ]
    assert answers == [SmtpReply.TAKEN] * MOST_A_DAY + [SmtpReply.TOO_MANY] * 2
    assert await post.send(plain("Please stop emailing me.")) == SmtpReply.TAKEN
    stopped = (await post.house.published("recipient.changed"))[-1]
    assert stopped["data"]["stopped"] == ["email", "sms"]
    post.house.clock.move(timedelta(days=1))
    assert await post.send(plain("Me again")) == SmtpReply.TAKEN


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeros": lambda: b"From: a@example.org\r\n\r\nHe\0llo\0",
    "a header in a subject": lambda: plain("Hi", subject="x\r\n Bcc: all@example.org\rTo: b@x"),
    "no charset there is": lambda: lines("Content-Type: text/plain; charset=\x7f\x01;;", "", "Hi"),
    "nested": lambda: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at)
        for at in range(2000)
    ),
    "large": lambda: with_files("Hi", "a.zip", size=2_000_000),
    "one line": lambda: lines("From: a@example.org", "", "x" * 60_000),
    "dots in a signature": lambda: plain("Hi", "Thanks", "a" + "." * 20_000),
    "colons between bars": lambda: plain("Hi", "Ada | a" + ":" * 20_000),
    "marks above each other": lambda: plain("Hi", "\u0301\u0316" * 8_000),
    "brackets": lambda: lines(f"From: {'(' * 900}", "", "Hi"),
    "groups in groups": lambda: lines(f"From: {'a:' * 2_000}", "", "Hi"),
    "two kinds of parameter": lambda: lines("Content-Type: text/html; name*=a; name*0=b", "", "Hi"),
    "a boundary in no charset": lambda: lines("Content-Type: multipart/a; boundary*=idna''a", ""),
    "a number without end": lambda: html(f"&#{'9' * 5_000};"),
    "lone surrogates": lambda: b"Subject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
async def test_no_mail_costs_more_than_itself(post: Post, make: Callable[[], bytes]) -> None:
    waiting = asyncio.create_task(wait_shortly())
    assert await post.send(make()) == SmtpReply.TAKEN
    after = plain("Yes").replace(b"<one@", b"<after@")
    assert await post.send(after) == SmtpReply.TAKEN
    assert not waiting.done()
    waiting.cancel()
    assert "Yes" in [facts.get("text") for facts in await noted(post.house)]


async def wait_shortly() -> None:
    """Ends once something has held the event loop."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(0.01)
        if loop.time() - began > 1:
            return


async def test_a_mail_of_short_lines_takes_no_more_than_its_bytes(post: Post) -> None:
    mail = plain("Please unsubscribe me.") + b"\r\n" * 1_000_000
    tracemalloc.start()
    try:
        assert await post.send(mail) == SmtpReply.TAKEN
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * len(mail)
    stopped = (await post.house.published("recipient.changed"))[-1]
    assert stopped["data"]["stopped"] == ["email", "sms"]


def heard_by(post: Post, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Has nothing of what comes read; returns where it is to be found."""
    heard: list[bytes] = []

    async def take(sender: str, address: str, content: bytes) -> SmtpReply:
        heard.append(content)
        return SmtpReply.TAKEN

    monkeypatch.setattr(post.door._mailbox, "take", take)
    return heard


def line(size: int) -> bytes:
    return b"x" * (size - 2) + b"\r\n"


COMING = [
    b"",
    b"\r\n",
    b".\r\n",
    b"..\r\n.\r\n\r\n.a\r\n",
    b"a\nb\rc\n.\r\n",
    *(line(30_000) * 2 + line(size) for size in range(5526, 5545)),
    line(64 * 1024) + b".\r\n" + line(64 * 1024),
    line(70) * 20_000,
]


async def test_a_mail_comes_as_it_was_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = heard_by(post, monkeypatch)
    for mail in COMING:
        with closing(await talk(post)) as talking:
            stuffed = (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:]
            assert (await said(talking, stuffed + b".\r\nQUIT\r\n")).startswith(b"250")
            assert (await said(talking)).startswith(b"221")
    assert heard == COMING


async def test_a_line_that_is_too_long_is_refused_and_the_next_mail_is_taken(post: Post) -> None:
    for mail in (line(64 * 1024 + 1), plain("Hi") + line(200_000), line(20) + line(65_537)):
        assert (await post.send(mail)).startswith("500")
    dots = b"..\r\n" * (LARGEST // 4)
    assert (await post.send(dots)).startswith("552")
    assert await post.send(plain("Yes")) == SmtpReply.TAKEN


async def talk(post: Post) -> socket.socket:
    """Begins to hand a mail over."""
    talking = socket.create_connection(("127.0.0.1", post.door.port), 5)
    await said(talking)
    for words in (
        "LHLO x",
        f"MAIL FROM:<{SENDER}>",
        f"RCPT TO:<{post.at(MailRole.REPLY)}>",
        "DATA",
    ):
        answer = await said(talking, f"{words}\r\n".encode())
    assert answer.startswith(b"354")
    return talking


async def said(talking: socket.socket, words: bytes = b"") -> bytes:
    """Says something; returns the last line that is answered."""

    def talk() -> bytes:
        talking.sendall(words)
        answer = b" " * 3 + b"-"
        while answer[3:4] == b"-":
            answer = b""
            while not answer.endswith(b"\n") and (byte := talking.recv(1)):
                answer += byte
        return answer

    return await asyncio.to_thread(talk)


async def test_a_mail_is_given_time_as_long_as_it_comes(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "IDLE_SECONDS", 0.6)
    heard = heard_by(post, monkeypatch)
    with closing(await talk(post)) as talking:
        assert await can_send(talking, line(80) * 15)
        assert (await said(talking, b".\r\n")).startswith(b"250")
    assert heard == [line(80) * 15]
    with closing(await talk(post)) as talking:
        assert await said(talking) == b""


async def test_but_not_without_end(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(door, "LONGEST_SECONDS", 0.5)
    with closing(await talk(post)) as talking:
        assert not await can_send(talking, line(80) * 40)


async def can_send(talking: socket.socket, lines: bytes) -> bool:
    """Sends lines evenly, ten in a second; tells whether all of them are taken."""
    try:
        for each in lines.splitlines(keepends=True):
            await asyncio.to_thread(talking.sendall, each)
            await asyncio.sleep(0.1)
    except OSError:
        return False
    return True


async def test_a_mail_that_is_too_large_is_refused_and_the_next_is_taken(post: Post) -> None:
    too_large = b"x" * 78 + b"\r\n"
    assert (await post.send(too_large * (LARGEST // 80 + 1))).startswith("552")
    assert await post.send(plain("Yes")) == SmtpReply.TAKEN


async def test_more_connections_than_there_are_places_come_again(post: Post) -> None:
    def connect() -> socket.socket:
        return socket.create_connection(("127.0.0.1", post.door.port), 5)

    def first_said(connection: socket.socket) -> bytes:
        connection.settimeout(5)
        return connection.recv(100)

    held = [connect() for _ in range(MOST_CONNECTIONS)]
    for connection in held:
        assert (await asyncio.to_thread(first_said, connection)).startswith(b"220")
    late = connect()
    assert await asyncio.to_thread(first_said, late) == BUSY
    for connection in (*held, late):
        connection.close()
    for _ in range(100):
        if not post.door._open:
            break
        await asyncio.sleep(0.02)
    assert await post.send(plain("Yes")) == SmtpReply.TAKEN


async def test_without_its_database_it_takes_nothing(post: Post) -> None:
    await post.house.database.stop()
    assert await post.send(plain("Yes")) == SmtpReply.AWAY
    await post.house.database.start()
    assert await post.send(plain("Yes")) == SmtpReply.TAKEN
