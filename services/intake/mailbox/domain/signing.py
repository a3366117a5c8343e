"""Whether nothing stands in a mail but how it is signed: a farewell, a name, a program's line."""

import re

from services.intake.sms.words import words_of

_BY_PROGRAM = re.compile(
    r"(?:sent (?:from|with|via|by|using)|get outlook|von mein\w+|gesendet|holen sie sich outlook"
    r"|outlook für|envoyé (?:de|depuis|avec|à partir)|télécharge\w* outlook"
    r"|enviado (?:desde|con|do)|obtener outlook|inviato da|verzonden (?:vanaf|met))\b",
    re.IGNORECASE,
)
_FAREWELLS = frozenset(
    map(
        words_of,
        (
            *("regards", "best regards", "kind regards", "warm regards", "many thanks", "thanks"),
            *("best wishes", "best", "sincerely", "yours", "yours sincerely", "yours faithfully"),
            *("cheers", "thank you", "thanks a lot", "thx", "please", "hello", "hi"),
            *("mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß"),
            *("freundliche grüße", "viele grüße", "liebe grüße", "beste grüße", "schöne grüße"),
            *("grüße", "gruß", "lg", "mfg", "vg", "danke", "vielen dank", "danke schön", "bitte"),
            *("cordialement", "bien cordialement", "bien à vous", "salutations", "merci", "svp"),
            *("saludos", "un saludo", "saludos cordiales", "atentamente", "gracias", "hola"),
        ),
    )
)
_REACHED_AT = re.compile(
    r"(?:(?:tel|phone|mobile?|mob|handy|cell|[tmp])\.?:? ?)?\+?[\d\s()/.-]{6,25}|\S+@\S+",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^\W\d_]+[.'-]?[^\W\d_]*\.? ?){1,3}")
_MOST_LINES = 8


def is_only_signed(text: str, name: str) -> bool:
    """Tells whether a text says nothing; `name` is that of whoever sent it.

    After a farewell another name is theirs too, as it is where they go by one.
    """
    lines = [line.strip(" ,.!-–—/*") for line in text.splitlines()]
    lines = [line for line in lines if line]
    theirs, is_ending = set(words_of(name)), False
    for line in lines:
        words = words_of(line)
        is_farewell = words in _FAREWELLS
        is_name = theirs.issuperset(words) or (
            is_ending and line.istitle() and bool(_NAME.fullmatch(line))
        )
        if not (is_farewell or is_name or _BY_PROGRAM.match(line) or _REACHED_AT.fullmatch(line)):
            return False
        is_ending = is_farewell
    return len(lines) <= _MOST_LINES
