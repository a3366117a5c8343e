"""What a human wrote, without what they answered and what they attached."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message

from services.intake.mailbox.domain.hypertext import text_of
from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.parsing import named, shown
from services.intake.mailbox.domain.quoting import own_words, words_below
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


def written(message: Message) -> Written:
    """Reads what somebody wrote, from its plain form or else from its HTML.

    Whoever writes more than is kept tells a story: whether they leave is for a human to read.
    """
    plain, hypertext, attachments = [], [], 0
    for part in _parts(message):
        match _kind(part):
            case "plain":
                plain.append(_text(part))
            case "html":
                hypertext.append(_text(part))
            case "file":
                attachments += 1
    words, page = "\n".join(plain), "\n".join(map(text_of, hypertext))
    own, subject = own_words(words) or own_words(page), own_subject(message)
    # What stands below a quote may as well be another's.
    said = own or words_below(words) or words_below(_whole(hypertext))
    is_cut = len(said) > LONGEST
    is_signed = said == own and not is_cut and is_only_signed(own, _sender(message))
    return Written(
        said[:LONGEST].rstrip(),
        attachments,
        is_cut=is_cut,
        subject=subject,
        leaves=not is_cut and wants_no_more(subject if is_signed else own),
    )


def _parts(message: Message) -> Iterator[Message]:
    """Yields a mail's parts, and none of a mail that is attached: its words are another's."""
    yield message
    if message.is_multipart() and message.get_content_maintype() != "message":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


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
    is_file = part.get_content_disposition() == "attachment" or part.get_filename()
    if is_file or part.get_content_maintype() != "text":
        return "file" if _is_filled(part) else ""
    return {"plain": "plain", "html": "html"}.get(part.get_content_subtype(), "file")


def _is_filled(part: Message) -> bool:
    payload = part.get_payload()
    return isinstance(payload, str) and bool(payload.strip())


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload[:_READ] if isinstance(payload, bytes) else b""
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
