"""What fits into a text message: the GSM 03.38 alphabet and how many segments a text takes."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""These take the room of two."""

_ALPHABET = BASIC | EXTENDED
# fmt: off
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("’‘‚‛´`ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·", "-"),
        **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad", ""),
        "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "Ŧ": "T", "ŧ": "t",
        "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "Ŋ": "N", "ŋ": "n",
        "ẞ": "SS", "…": "...", "©": "(c)", "®": "(R)",
    }
)
# fmt: on
"""What Unicode does not decompose into letters that GSM 03.38 has."""


def spelled(text: str) -> str:
    """Spells a text in GSM-7 as far as dropping accents and typographic marks makes it possible."""
    if is_gsm7(text):
        return text
    return "".join(map(_spelled, unicodedata.normalize("NFC", text.translate(_PLAIN))))


def is_gsm7(text: str) -> bool:
    """Tells whether a text can be sent seven bits a letter."""
    return _ALPHABET.issuperset(text)


def segments(text: str) -> int:
    """Counts the segments a text is sent as; one letter outside GSM-7 halves the room."""
    if is_gsm7(text):
        size, single, part = len(text) + sum(text.count(c) for c in EXTENDED), 160, 153
    else:
        size, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if size <= single else -(-size // part)


def _spelled(letter: str) -> str:
    if letter in _ALPHABET:
        return letter
    decomposed = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in decomposed if not unicodedata.combining(part))
    return base if is_gsm7(base) else letter
