"""What a human wrote, without what they answered and what they attached."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message

from services.intake.mailbox.domain.hypertext import text_of
from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.parsing import named, shown
from services.intake.mailbox.domain.quoting import MOST_LINES, own_words, words_below
from services.intake.mailbox.domain.signing import is_only_signed
from services.intake.mailbox.domain.subjects import own_subject

LONGEST = 5000
"""In characters; more is left out, and said."""
_READ = 64 * 1024
"""In bytes of one part."""
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"}
)
"""Encodings that Python knows and no mail is written in."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in somebody's own words."""

    text: str
    attachments: int = 0
    """How many files came with it, which nobody keeps."""
    is_cut: bool = False
    """Whether there was more of the text."""
    subject: str = field(default="", compare=False)
    """Theirs alone, and none of ours that they answered."""
    leaves: bool = field(default=False, compare=False)
    """Whether they want to hear no more, by their text, or by the subject above a signature."""


def written(message: Message, *, is_cut: bool = False) -> Written:
    """Reads what somebody wrote, from its plain form or else from its HTML, or from a text shown.

    Whoever writes more than is kept tells a story: whether they leave is for a human to read. A
    mail that `is_cut` had more than came here.
    """
    kinds: dict[str, list[Message]] = {"plain": [], "html": [], "shown": [], "file": []}
    for part in _parts(message):
        if kind := _kind(part):
            kinds[kind].append(part)
    words, hypertext = "\n".join(map(_text, kinds["plain"])), [*map(_text, kinds["html"])]
    page = "\n".join(map(text_of, hypertext))
    in_plain = own_words(words)
    own = in_plain or own_words(page)
    # Some programs give a name to what was written; a file that is shown is read for want of more.
    own = own or own_words("\n".join(map(_text, kinds["shown"])))
    subject = own_subject(message)
    # What stands below a quote may as well be another's.
    said = own or words_below(words) or words_below(_whole(hypertext))
    read = kinds["plain"] if in_plain else [*kinds["plain"], *kinds["html"]]
    is_story = len(said) > LONGEST
    is_signed = said == own and not is_story and is_only_signed(own, _sender(message))
    return Written(
        said[:LONGEST].rstrip(),
        len(kinds["file"]) + len(kinds["shown"]),
        is_cut=is_cut or is_story or _is_beyond(read),
        subject=subject,
        leaves=not is_story and wants_no_more(subject if is_signed else own),
    )


def _parts(message: Message) -> Iterator[Message]:
    """Yields a mail's parts, and none of a mail that is attached: its words are another's."""
    yield message
    if message.is_multipart() and message.get_content_maintype() != "message":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


def _is_beyond(parts: Sequence[Message]) -> bool:
    """Tells whether there is more in texts than is read of them."""
    lines = sum(_text(part).rstrip().count("\n") for part in parts)
    return lines > MOST_LINES or any(len(_content(part).rstrip()) > _READ for part in parts)


def _whole(hypertext: Sequence[str]) -> str:
    return "\n".join(text_of(page, whole=True) for page in hypertext)


def _sender(message: Message) -> str:
    """Returns the names of whoever a mail is from: what they are called, and where they write."""
    called, address = named(shown(message, "from"))
    return f"{called} {address.partition('@')[0]}"


def _kind(part: Message) -> str:
    """Tells what a part is; nothing for what only holds other parts, or is one with them."""
    if part.is_multipart():
        return "file" if part.get_content_maintype() == "message" else ""
    disposition, is_named = part.get_content_disposition(), bool(part.get_filename())
    is_file = disposition == "attachment" or (is_named and disposition != "inline")
    if is_file or part.get_content_maintype() != "text":
        return "file" if _is_filled(part) else ""
    if is_named:
        return "shown" if part.get_content_subtype() == "plain" else "file"
    return {"plain": "plain", "html": "html"}.get(part.get_content_subtype(), "file")


def _is_filled(part: Message) -> bool:
    payload = part.get_payload()
    return isinstance(payload, str) and bool(payload.strip())


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    content = _content(part)[:_READ]
    return "".join(_readable(_decoded(content, part.get_content_charset() or "utf-8")))


def _decoded(content: bytes, charset: str) -> str:
    """Decodes as is said, or as UTF-8, or as what most mail is that says it wrongly."""
    for name in (charset, "utf-8"):
        try:
            if codecs.lookup(name).name.replace("-", "_") not in _NO_CHARSETS:
                return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def _readable(text: str) -> Iterator[str]:
    lines = text.replace("\r\n", "\n")
    return (letter for letter in lines if letter.isprintable() or letter in "\n\t")
