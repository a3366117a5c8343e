"""What a template or a spreadsheet leaves within a title, beside words that somebody wrote."""

import re

from shared.contract.events.placeholders import UNKNOWN, WAITS, lost_digits, stands_for_none

_CALLED = (
    r"job|position|vacancy|role|stellen?|poste|puesto|company|firma|unternehmen|entreprise|empresa"
    r"|department|location|standort|city|stadt|ort|ville|ciudad|country"
)
_FIELD = r"title|name|titel|bezeichnung|titre|intitulé|nom|título|nombre|titolo"
_OF = rf"(?: (?:of|der|des?|du|del) (?:the |la )?(?:{_CALLED}))?"
_ERRORS = (
    r"REF|VALUE|NAME|NULL|DIV/0|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|ERROR|SYNTAX"
    r"|FEHLER|WERT|BEZUG|ZAHL|ÜBERLAUF|VALEUR|NOM|NOMBRE|NUL|VALOR|NULO|NÚM|VALORE|RIF|NOME|NULLO"
    r"|WAARDE|VERW|NAAM|GETAL|LEEG|DEEL/0|ARG|ADR|NAZWA|LICZBA|DZIEL/0"
)
_LEFT = re.compile(
    r"\{\{|\}\}|[$#@]\{|\{[0-9]\}|<%|%>|\{%|%\}|\*\||\|\*|object (?:Object|Undefined|Null)"
    r"|(?:<<|\[\[)[^\W\d]{1,40}(?:>>|\]\])|\{[^\W\d_]+(?:[._][^\W\d_]+)+\}|\{[a-z]+[A-Z][A-Za-z]*\}"
    rf"|(?i:[{{\[<%](?:(?:{_CALLED})[ ._-]?)?"
    rf"(?:(?:{_FIELD}){_OF}|(?<=[{{\[<%])(?:{_CALLED}))[}}\]>%])"
    r"|«[^\W\d]{0,40}(?:_|[a-z](?=[A-Z]))[^\W\d]{0,40}»"
    r"|%[A-Z][A-Z_]{1,40}%|__[A-Z][A-Z_]{0,40}[A-Z]__|(?<!\S)%(?:\([^()]*\))?[sd](?!\S)"
    rf"|#[¡¿]?(?:{_ERRORS})[!?]|(?<![\w#])#(?:N/[ABD]|NV|ERROR|GETTING_DATA)(?!\w)"
    r"|[/:_](?:null|NaN|None)(?!\S)|(?<!\S)(?:null|NaN|None)[/:_](?=[^\W\d_])"
    r"|(?<![^\W\d_])undefined(?![^\W\d_]|[ -]behav)"
    r"|(?<!\w)(?:Err:5[0-9]{2}|(?:Error|Fehler) 20[0-9]{2})(?!\w)"
    r"|\ufffd|<!--|-->|<\?|\?>|^=(?:\w+\(|[A-Z]{1,3}[0-9]|')|(?<!\w)(?:\(\s*\)|\[\s*\]|\{\s*\})"
    r"|%!\w\(|\\(?:[nrt](?![^\W_])|u[0-9a-fA-F]{4})"
    r"|(?i:[<(]no value[>)]|<(?:nil|null|none|undefined)>|translation missing|missing translation)"
)
"""Templates, and the errors of spreadsheets in capitals, as they write them."""
_NO_NAME_OF_IT = re.compile(
    r"\W*(?:(?:no|kein|ohne|sans|sin|senza) |un)?"
    rf"(?:(?:your |the )?(?:{_CALLED})[ ._-]?)?(?:{_FIELD})d?{_OF}(?: (?:{_CALLED}))?\W*",
    re.IGNORECASE,
)
"""What stands over a title, or that there is none."""
_FOR_WHOM = re.compile(
    r"\(?(?<!\w)(?:[mwfhdx](?: ?[/|*:,] ?(?:[mwfhdxviakg]|gn|div)){1,4}\*?|all genders?)(?!\w)\)?",
    re.IGNORECASE,
)
"""That people of any gender are meant, which is no work."""
_BESIDE = re.compile(r"\s[-–—|:]+\s|[|,;]\s|:\s")
_SAID_NOWHERE = UNKNOWN - {"na", "nil"} | {"t.b.a.", "t.b.c.", "t.b.d.", "n.a.", "k.a.", "k. a."}
_BETWEEN_PARTS = re.compile(r"\s[-–—|/·:]+\s|[|,;()\[\]]|:\s")
_WAITS = re.compile(rf"(?:{WAITS})")
_EMPTY = frozenset(("undefined", "null", "NULL", "NaN", "nan", "None", "n/a", "N/A"))
"""As programs spell it: whoever writes Null, or NaN-materials, may mean it."""
_MEANT_BEHIND = frozenset(("to", "or", "than", "auf", "bei", "netto", "net"))
"""What makes a word of "second to None", and of "netto null"."""


def is_no_title(text: str) -> bool:
    """Tells whether a text can be no title: nobody gave it, or no more than a part of it."""
    work = _FOR_WHOM.sub("", text)
    return (
        stands_for_none(work)
        or _NO_NAME_OF_IT.fullmatch(work) is not None
        or _LEFT.search(text) is not None
        or any(map(_says_nowhere, _BESIDE.split(text)))
        or any(map(_is_unfilled, _BETWEEN_PARTS.split(text)))
    )


def _says_nowhere(part: str) -> bool:
    """Tells whether a part of a title is left open; N.A. is North America, and a bank's end."""
    return part.strip() != "N.A." and part.strip().lower() in _SAID_NOWHERE


def _is_unfilled(part: str) -> bool:
    """Tells whether a part of a title begins or ends with what a program knew nothing for."""
    words = [word.strip("\"'`„“”«».<>%$€") for word in part.split()]
    if not words:
        return False
    begins = words[0] in _EMPTY - {"NULL", "NaN"} and (len(words) == 1 or words[1][:1].isupper())
    ends = words[-1] in _EMPTY and (len(words) == 1 or words[-2].lower() not in _MEANT_BEHIND)
    waits = _WAITS.match(part.strip().lower()) is not None
    return begins or ends or waits or any(map(lost_digits, words))
