"""What systems write where they know nothing, or where nobody filled something in."""

import re
import unicodedata

_IN_BRACKETS = ("null", "none", "nil", "blank", "empty", "unknown", "not set", "leer", "vide")

NOTHING = frozenset(
    {"null", "none", "nan", "-nan", "n/a", "undefined", "<na>", "not set", "(en blanco)", "(vuoto)"}
).union(f"({word})" for word in _IN_BRACKETS)
"""Words that programs write for nothing at all."""
UNKNOWN = NOTHING | {"nil", "na", "unknown", "tbd"}
"""These and what people write for it; "Na" may be a part of a name, but no whole one."""

_NO_ID = UNKNOWN | {
    *("n.a.", "n. a.", "k.a.", "k. a.", "n.d.", "n/d", "n.v.", "k/a"),
    *("not available", "not applicable", "unset", "keine angabe", "unbekannt", "inconnu"),
    *("non disponible", "no disponible", "desconocido"),
    *("true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"),
}
"""What may be initials or a surname, but tells no two people apart."""

_NOT_A_TIME = "NaT"
"""As data frames write it; Nat is somebody."""

_VARIABLE = r"[^\W\d](?:[^\W\d]|[ .:-])*[0-9]{0,2}"
"""What a template calls a value; the GUIDs that Windows puts into braces have more digits."""

_OF_PROGRAMS = re.compile(
    r"#(?:n/a|ref!|value!|name\?|null!|div/0!|num!|spill!|calc!|field!|blocked!|connect!|busy!"
    r"|unknown!|getting_data|na|n/a n/a|nv|yok|[^\W\d_]/[^\W\d_]{1,4})"  # errors of spreadsheets
    r"|(?:err|fehler):[0-9]{3}|-?1\.#(?:ind|qnan)|\\{1,2}n"  # and of what else writes tables
    # templates that nobody filled in
    r"|\{\{.*\}\}|\{%.*%\}|[$#%@]\{.*\}|<%.*%>|\*\|.*\|\*"
    rf"|\{{[!$#]?{_VARIABLE}\}}|\{{[0-9]\}}|\[[%$@]? ?{_VARIABLE} ?%?\]|\[\[{_VARIABLE}\]\]"
    rf"|</?{_VARIABLE}/?>|«{_VARIABLE}»|[:$]{_VARIABLE}|\$\({_VARIABLE}\)"
    rf"|(?P<mark>__|##?|@@|\$\$?|%%?){_VARIABLE}(?P=mark)"
    r"|%(?:\([^()]*\)|[0-9]\$)?[sdifux]"
)
_ERROR = re.compile(r"#[¡¿]?[^\W\d_][\w/ .]*[!?]")
"""An error of a spreadsheet in any language, where it is in capitals."""
_NUMBERS = re.compile(
    r"[+-]?0+(?:[.,]0*)?|-1(?:[.,]0*)?|0x0+|[+-]?inf(?:inity)?"
    r"|0000-00-00(?:[t ]00:00:00(?:\.0+)?)?"
    r"|(?:urn:uuid:|\{)?(?:0{8}(?:-?0{4}){3}-?0{12}|f{8}(?:-?f{4}){3}-?f{12})\}?"
)
"""What databases and programs count from or end with, and the nil and the max of RFC 9562."""
_ROUNDED = re.compile(
    r"[+-]?(?:[0-9]+(?:[.,](?P<kept>[0-9]*))?e\+|[0-9][.,](?P<few>[0-9]+)e)(?P<all>[0-9]{1,3})"
)
"""A number as a spreadsheet shows it in a narrow column."""
_MARKS = frozenset(" ~|+=$^<>`")
"""Beside what Unicode calls punctuation."""


def says_nothing(text: str) -> bool:
    """Tells whether a text is what programs write where they know nothing."""
    stripped = text.strip()
    lowered = stripped.lower()
    return (
        lowered in NOTHING
        or stripped == _NOT_A_TIME
        or _OF_PROGRAMS.fullmatch(lowered) is not None
        or (stripped.isupper() and _ERROR.fullmatch(stripped) is not None)
    )


def names_nothing(text: str) -> bool:
    """Tells whether a text can be no id, title or address: many would have it in common."""
    lowered = text.strip().lower()
    return (
        says_nothing(text)
        or lowered in _NO_ID
        or _NUMBERS.fullmatch(lowered) is not None
        or lost_digits(text)
        or all(unicodedata.category(each)[0] == "P" or each in _MARKS for each in text)
    )


def lost_digits(text: str) -> bool:
    """Tells whether a number in scientific notation has fewer digits than it stands for."""
    if not (number := _ROUNDED.fullmatch(text.strip().lower())):
        return False
    return len(number["kept"] or number["few"] or "") < int(number["all"])
