"""Finds e-mail addresses and links, whoever's they are, and what the person is called on the web.

Texts are given in plain form, so that capitals and other scripts' signs make no difference.
"""

import re
from collections.abc import Iterable, Iterator

from services.intake.privacy.domain.folding import fold
from services.intake.privacy.domain.names import Names
from services.intake.privacy.domain.spans import Finding, Span

ADDRESS, LINK = "[address]", "[link]"

_WORD_CHARACTERS = r"[^\s<>()\[\]{}\"',;|\x00]"
_SPACED_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{0,2}(?:[(\[{<]\s?(?:at|@)\s?[)\]}>]|@)\s{0,2}"
    r"[\w-]{1,63}(?:\s{0,2}(?:\.|[(\[{<]\s?(?:dot|\.)\s?[)\]}>])\s{0,2}[\w-]{1,63}){0,4}"
    r"\s{0,2}(?:\.|[(\[{<]\s?(?:dot|\.)\s?[)\]}>])\s{0,2}[a-z]{2,24}"
)
_SPOKEN_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{1,63}){1,4}(?!\w)"
)
_HOSTS = (
    r"linkedin|xing|github|gitlab|bitbucket|twitter|x|facebook|fb|instagram|behance|dribbble|medium"
    r"|stackoverflow|stackexchange|t|wa|about|youtube|tiktok|kaggle|researchgate|orcid|codepen"
    r"|leetcode|hackerrank|mastodon|threads|telegram|viadeo|quora|reddit|pinterest|vimeo|twitch"
    r"|soundcloud|deviantart|artstation|substack|keybase|calendly|linktr|discord|bsky|scholar"
)
_PROFILE = re.compile(
    rf"(?<![\w.@-])(?:[\w-]{{1,40}}\.){{0,3}}(?:{_HOSTS})\.[a-z]{{2,6}}(?:\.[a-z]{{2}})?/"
    rf"{_WORD_CHARACTERS}+"
)
_HOST_AND_PATH = re.compile(r"\.[a-z]{2,6}/")
_BRACKETED_AT = re.compile(r"[(\[{<] ?(?:at|@)")
_HOSTS_OF_SITES = (
    *(
        ".github.io",
        ".gitlab.io",
        ".wordpress.",
        ".blogspot.",
        ".tumblr.",
        ".substack.",
        ".weebly.",
    ),
    *(".wixsite.", ".medium.", ".carrd.", ".webflow.", ".netlify.", ".vercel.", ".herokuapp."),
)
_PERSONAL_SITE = re.compile(
    r"(?<![\w.@-])[\w-]{1,63}\.(?:(?:github|gitlab)\.io|(?:wordpress|blogspot|tumblr|substack"
    r"|weebly|wixsite|medium|carrd|webflow|netlify|vercel|herokuapp)\.(?:com|co|io|app|dev|net|org))"
)
_PATH = re.compile(
    r"(?<![\w.@/-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|io|dev|me|info|eu|co|app|de|at|ch|fr|it"
    rf"|es|nl|be|pl|se|no|dk|fi|uk|ie|us|ca)/{_WORD_CHARACTERS}+"
)
_LABELS = (
    *("skype", "telegram", "twitter", "instagram", "discord", "wechat", "github", "gitlab"),
    *("linkedin", "xing", "facebook", "kaggle", "orcid", "mastodon", "medium", "website"),
    *("homepage", "portfolio", "blog", "username", "user name", "benutzername", "handle"),
)
_LABELLED = re.compile(
    rf"\b(?:{'|'.join(_LABELS)})(?: ?(?:id|name|profile?|handle|account))?[ \t]{{0,2}}:[ \t]{{0,2}}"
    r"(@?[^\s@,;|()\x00]{3,80})(?=[ \t]{0,3}(?:$|[\n|,;•·\x00]))",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\s\x00]+")
_JOINTS = re.compile(r"[._\-/@~0-9]+")
_LETTERS = re.compile(r"[a-z]+")
_SITE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?:[/:].*)?")
_AROUND = ".,:;!?()[]{}<>\"'|*•·"
_SIGNS_OF_A_WORD = {"://": LINK, "www.": LINK, "mailto:": ADDRESS, "@": ADDRESS}
_ENDS_A_WORD = frozenset(" \t\r\n\v\f<>()[]{}\"',;|\x00")


def links(text: str, folded: str, names: Names, handles: Iterable[str]) -> Iterator[Finding]:
    """Yields each address and link of a text; `handles` are names that the person goes by."""
    for sign, replacement in _SIGNS_OF_A_WORD.items():
        if sign in folded:
            yield from _words_around(sign, replacement, folded)
    if "@" in folded or _BRACKETED_AT.search(folded):
        yield from (_finding(match, ADDRESS) for match in _SPACED_ADDRESS.finditer(folded))
    if " dot " in folded:
        yield from (_finding(match, ADDRESS) for match in _SPOKEN_ADDRESS.finditer(folded))
    if _HOST_AND_PATH.search(folded):
        yield from (_finding(match, LINK) for match in _PROFILE.finditer(folded))
        # Only what is written small: "ASP.NET/C#" is no link.
        yield from (_finding(match, LINK) for match in _PATH.finditer(text))
    if any(host in folded for host in _HOSTS_OF_SITES):
        yield from (_finding(match, LINK) for match in _PERSONAL_SITE.finditer(folded))
    if ":" in folded and any(label in folded for label in _LABELS):
        yield from (
            Finding(Span(*match.span(1)), LINK)
            for match in _LABELLED.finditer(folded)
            if _is_handle(text[slice(*match.span(1))])
        )
    yield from _own(folded, names, frozenset(map(fold, handles)))


def _own(folded: str, names: Names, handles: frozenset[str]) -> Iterator[Finding]:
    """Finds sites and handles with the person's name in them."""
    joined = _JOINTS.sub("", folded)
    wanted = (*names.glued, *names.handles)
    if (
        not any(each in joined for each in wanted)
        and not any(each in folded for each in handles)
        and not any(f"{part}{sign}" in folded for part in names.alone for sign in ".-")
    ):
        return
    for match in _WORD.finditer(folded):
        word = match[0].strip(_AROUND)
        if len(word) > 3 and not word.isalpha() and _is_theirs(word, names, handles):
            start = match.start() + match[0].index(word)
            yield Finding(Span(start, start + len(word)), LINK)


def _is_theirs(word: str, names: Names, handles: frozenset[str]) -> bool:
    if any(handle in word for handle in handles):
        return True
    if not any(sign in word for sign in "./@_~0123456789"):
        return False
    pieces = _LETTERS.findall(word)
    together = "".join(pieces)
    if any(each in together for each in names.glued):
        return True
    is_site = _SITE.fullmatch(word) is not None
    is_handle = is_site or any(sign in word for sign in "/@_~0123456789")
    return any(
        (is_handle and piece in names.handles) or (is_site and names.has_part(piece))
        for piece in pieces
    )


def _is_handle(word: str) -> bool:
    return word.startswith("@") or any(sign in word for sign in "._-/~0123456789") or word.islower()


def _words_around(sign: str, replacement: str, folded: str) -> Iterator[Finding]:
    at = 0
    while (hit := folded.find(sign, at)) >= 0:
        start, end = hit, hit + len(sign)
        while start > at and folded[start - 1] not in _ENDS_A_WORD:
            start -= 1
        while end < len(folded) and folded[end] not in _ENDS_A_WORD:
            end += 1
        before, after = folded[start:hit], folded[hit + len(sign) : end]
        if after and (before or sign != "@"):
            yield Finding(Span(start, end), replacement)
        at = end


def _finding(match: re.Match[str], replacement: str) -> Finding:
    return Finding(Span(*match.span()), replacement)
