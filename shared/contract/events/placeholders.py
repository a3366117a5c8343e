"""What systems write where they know nothing, or where nobody filled something in."""

import re
import unicodedata

from shared.contract.events.glued_placeholders import is_unfilled, without_prefix

_IN_BRACKETS = ("null", "none", "nil", "blank", "empty", "unknown", "not set", "leer", "vide")

NOTHING = frozenset(
    {
        *("null", "none", "nan", "-nan", "n/a", "undefined", "<na>", "(en blanco)", "(vuoto)"),
        *("not set", "not available", "not applicable", "not provided", "not specified"),
        *("not given", "not found", "not known", "not defined", "to be defined", "to be confirmed"),
        *("to be determined", "to be announced", "keine angabe", "nicht angegeben"),
        *("nicht vorhanden", "nicht bekannt", "non renseigné", "non spécifié", "non disponible"),
        *("no disponible", "no especificado", "no aplica"),
    }
).union(f"({word})" for word in _IN_BRACKETS)
"""What programs, and forms, write for nothing at all."""
UNKNOWN = NOTHING | {"nil", "na", "unknown", "tbd", "tba", "tbc"}
"""These and what people write for it; "Na" may be a part of a name, but no whole one."""

_NO_ID = UNKNOWN | {
    *("t.b.a.", "t.b.c.", "t.b.d.", "n.a", "n\\a", "s/n"),
    *("n.a.", "n. a.", "n.n.", "n. n.", "k.a.", "k. a.", "n.d.", "n/d", "n.v.", "k/a"),
    *("xxx", "xxxx", "xxxxx", "unset", "unbekannt", "inconnu", "desconocido"),
    *("true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"),
}
"""What may be initials or a surname, but tells no two people apart."""

_NOT_A_TIME = "NaT"
"""As data frames write it; Nat is somebody."""

_VARIABLE = r"[^\W\d](?:[^\W\d]|[ .:-])*[0-9]{0,2}"
"""What a template calls a value; the GUIDs that Windows puts into braces have more digits."""

WAITS = (
    r"(?:loading|l[äa]dt|laden|wird geladen|chargement(?: en cours)?|cargando|caricamento"
    r"|getting data) ?(?:…|\.{2,3})"
)
"""What stands in a cell until a spreadsheet has reckoned, in small letters."""

_OF_PROGRAMS = re.compile(
    r"#(?:(?:n/a|ref|value|name|null|div/0|num|spill|calc|field|blocked|connect|busy|unknown"
    r"|error)[!?]?|getting_data|na|n/a n/a|nv|yok|[^\W\d_]/[^\W\d_]{1,4})"  # of spreadsheets
    r"|(?:err|fehler):[0-9]{3}|-?1\.#(?:ind|qnan)|\\{1,2}n"  # and of what else writes tables
    r"|(?:err(?:or|eur|ore)?|fehler) 20[0-9]{2}"  # as macros read them
    rf"|{WAITS}"
    # templates that nobody filled in
    r"|\{\{.*\}\}|\{%.*%\}|[$#%@]\{.*\}|<%.*%>|\*\|.*\|\*"
    rf"|\{{[!$#]? ?{_VARIABLE}\}}|\{{[0-9]\}}|\[[%$@]? ?{_VARIABLE} ?%?\]|\[\[{_VARIABLE}\]\]"
    rf"|<?</?{_VARIABLE}/?>>?|«{_VARIABLE}»|[:$]{_VARIABLE}|\$\({_VARIABLE}\)"
    rf"|(?P<mark>__|##?|@@|\$\$?|%%?){_VARIABLE}(?P=mark)"
    r"|%(?:\([^()]*\)|[0-9]\$)?[sdifux]"
    # forms that nobody filled in
    r"|\W*(?:please|bitte|veuillez|por favor) "
    r"(?:select|choose|(?:aus)?wählen|choisir|seleccion\w+)\W*"
    r"|-+ ?(?:select|choose|(?:aus)?wählen)(?: one)? ?-+"
    r"|choose an item\.?|wählen sie ein element aus\.?|choisissez un élément\.?"
    r"|(?:click|klicken|cliquez|haga clic) .{0,60}\bte(?:xt[eo]?\b|kst).{0,20}"
)
_ERROR = re.compile(r"#[¡¿]?[^\W\d_][\w/ .]*[!?]")
"""An error of a spreadsheet in any language, where it is in capitals."""
_NUMBERS = re.compile(
    r"[+-]?0+(?:[.,]0*)?|-1(?:[.,]0*)?|0x0+|[+-]?inf(?:inity)?"
    r"|(?:0000-00-00|1900-01-00|1899-12-3[01]|0001-01-01|1970-01-01)"
    r"(?:[t ]00:00(?::00(?:\.0+)?)?(?:z|[+-]00:?00)?)?"
    r"|0?1[./]0?1[./]19[07]0|9999-12-31|(?:0?1[./]0?0|0?0[./]0?1)[./](?:19)?00|0?0[./]0?0[./]0{2,4}"
    r"|(?:12[./]3[01]|3[01][./]12)[./]1899"
    r"|(?:urn:uuid:|\{)?(?:0{8}(?:-?0{4}){3}-?0{12}|f{8}(?:-?f{4}){3}-?f{12})\}?"
)
"""What databases and programs count from or end with, and the nil and the max of RFC 9562."""
_ROUNDED = re.compile(
    r"[+-]?(?:[0-9]+(?:[.,](?P<kept>[0-9]*))?e\+|[0-9][.,](?P<few>[0-9]+)e)(?P<all>[0-9]{1,3})"
)
"""A number as a spreadsheet shows it in a narrow column."""
_MARKS = frozenset(" ~|+=$^<>`\ufffd")
"""Beside what Unicode calls punctuation."""
_QUOTED = re.compile(r"([\"'`´«»“”„‘’])([^\"'`´«»“”„‘’]+)[\"'`´«»“”„‘’]")
_AROUND_SIGNS = re.compile(r" ?([/\\.]) ")


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
    """Tells whether a text can be no id: many would have it in common."""
    plain = text.strip()
    own = without_prefix(plain)
    is_counted = own != plain and own.isdecimal()  # from 0, it may be
    return is_unfilled(plain) or (not is_counted and stands_for_none(own))


def stands_for_none(text: str) -> bool:
    """Tells whether a text can be no title or address either: it is nothing but a placeholder."""
    plain = _AROUND_SIGNS.sub(r"\1", _QUOTED.sub(r"\2", text.strip()))
    lowered = plain.lower()
    return (
        says_nothing(plain)
        or lowered in _NO_ID
        or all(word in UNKNOWN for word in lowered.split())
        or _NUMBERS.fullmatch(lowered) is not None
        or lost_digits(text)
        or all(unicodedata.category(each)[0] == "P" or each in _MARKS for each in text)
    )


def lost_digits(text: str) -> bool:
    """Tells whether a number in scientific notation has fewer digits than it stands for."""
    if not (number := _ROUNDED.fullmatch(text.strip().lower())):
        return False
    return len(number["kept"] or number["few"] or "") < int(number["all"])
