"""The words of an HTML mail, without what it quotes. Tags are passed over, not understood."""

from html import unescape

_UNSEEN = frozenset({"head", "style", "script", "title", "blockquote"})
_STRUCK = frozenset({"s", "del", "strike"})
_MAY_HIDE = frozenset({"div", "span", "a", "font", "b", "i", "u", "table", "section"})
"""What has an end for sure, and words in it."""
_HIDDEN = ("display:none", "visibility:hidden", "line-through")
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
"""By which mail programs mark what is quoted, in the class or the id of what holds it."""
_ENDS = ("divrplyfwdmsg", "mail-editor-reference-message-container")
"""By which Outlook marks where the quoted mail begins; nothing holds all of it, or says its end."""
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "hr"})


def text_of(html: str, *, whole: bool = False) -> str:
    """Returns what a reader sees, in lines; whatever follows a tag that never ends is left out.

    The whole has Outlook's quote too, within which somebody may have answered.
    """
    pieces: list[str] = []
    hidden, depth, at = "", 0, 0
    while (opens := html.find("<", at)) >= 0:
        if not hidden:
            pieces.append(_line(html[at:opens]))
        end = "-->" if html.startswith("<!--", opens) else ">"
        closes = html.find(end, opens)
        if closes < 0:
            return "".join(pieces)
        tag, at = html[opens + 1 : closes].lower(), closes + len(end)
        name = (tag.strip("/").split(maxsplit=1) or [""])[0].strip("/")
        if not (hidden or whole) and name == "div" and any(mark in tag for mark in _ENDS):
            return "".join(pieces)
        if not hidden and _hides(name, tag):
            hidden, depth = name, 1
        elif hidden == name:
            depth += -1 if tag.startswith("/") else 1
            hidden = hidden if depth else ""
        elif name in _BREAKS and not hidden:
            pieces.append("\n")
    return "".join(pieces) if hidden else "".join([*pieces, _line(html[at:])])


def _hides(name: str, tag: str) -> bool:
    if tag.startswith("/") or tag.endswith("/"):
        return False
    if name in _MAY_HIDE and any(mark in "".join(tag.split()) for mark in _HIDDEN):
        return True
    return name in _UNSEEN | _STRUCK or any(mark in tag for mark in _QUOTES)


def _line(text: str) -> str:
    """Writes text as HTML shows it: any space, a line's end too, is one space."""
    words = " ".join(unescape(text).split())
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{words}{' ' if after and words else ''}"
