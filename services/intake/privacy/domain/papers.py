"""Finds the numbers of somebody's papers and accounts, behind what they are called.

An IBAN has check digits, and is found wherever it stands.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from services.intake.privacy.domain.forms import Forms, form
from services.intake.privacy.domain.spans import Finding, Span

_LABELS = (
    r"passports?|reisepass(?:es)?|personalausweis|ausweis|passeport|pasaporte|passaporto"
    r"|carte d'identite|carta d'identita|identity card|id card|ssn|nino|codice fiscale"
    r"|numero fiscal|driv(?:ing|er'?s) licen[cs]e|fuhrerschein"
)
_AMBIGUOUS = (
    r"social security|national insurance|ni|sozialversicherungs?|sv|securite sociale"
    r"|seguridad social|tax(?:payer)?(?: identification)?|steuer(?:identifikations)?|tin|nif|nie"
    r"|dni|bsn|pesel|idnr"
)
"""What means other things too, and so counts where a number or a colon is called for behind it."""
_NUMBER = r"[ -]?(?:no|nr|num|number|nummer|numero|id|#)\b\.?"
_VALUE = (
    r"(?=[a-z0-9 ./-]{6})(?=(?:[a-z ./-]{0,7}\d){4})(?:[a-z]{1,2} )?[a-z]{0,6}\d[a-z0-9]{0,20}"
    r"(?:[ ./-](?:[a-z] )?[a-z0-9]{0,6}?\d[a-z0-9]{0,12}){0,7}(?: [a-z]\b)?"
)
_LABELLED = re.compile(
    rf"\b(?:(?:{_LABELS})(?:{_NUMBER})?|(?:{_AMBIGUOUS})(?:{_NUMBER}|(?=\s{{0,2}}[:=])))"
    rf"\s{{0,2}}[:=–—-]?\s{{0,2}}{_VALUE}"
)
_OF_FRANCE = re.compile(
    r"\b(?:nir|insee|(?:n[o°]\.? (?:de )?|numero (?:de )?)?securite sociale)\b"
    r"\s{0,2}(?:n?[o°]\.?\s{0,2})?[:=-]?\s{0,2}"
    r"[1-478] ?\d\d ?\d\d ?\d[\dab] ?\d{3} ?\d{3}(?: ?\d\d)?\b"
)
_FORMS = Forms(
    form("nir insee securite", _OF_FRANCE),
    form(
        "passport passports reisepass personalausweis ausweis passeport pasaporte passaporto carte"
        " carta identity card ssn security nino ni insurance sv securite seguridad tax taxpayer"
        " idnr steuer fiscal fiscale licence license fuhrerschein tin nif nie dni bsn pesel",
        _LABELLED,
        endings="nummer nr id passes",
    ),
)
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\b")
_SHORTEST_IBAN = 15


def papers(folded: str, words: AbstractSet[str], replacement: str) -> Iterator[Finding]:
    """Yields where a text in plain form, with these words, holds such a number."""
    yield from _FORMS.matching(folded, words, replacement)
    for match in _IBAN.finditer(folded):
        if end := _end_of_iban(match[0]):
            yield Finding(Span(match.start(), match.start() + end), replacement)


def _end_of_iban(text: str) -> int:
    """Returns where an IBAN at the beginning of a text ends, or 0: words may follow it."""
    ends = [*(at for at, each in enumerate(text) if each == " "), len(text)]
    return next((end for end in reversed(ends) if _checks(text[:end].replace(" ", ""))), 0)


def _checks(iban: str) -> bool:
    """Tells whether the check digits hold (ISO 13616)."""
    turned = iban[4:] + iban[:4]
    return len(iban) >= _SHORTEST_IBAN and int("".join(str(int(it, 36)) for it in turned)) % 97 == 1
