"""Peoples and countries as nationalities are written, made of the CLDR's names in each language.

A people is called after its country or its language: what both begin with, and an ending.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from operator import itemgetter

from babel import Locale

from services.intake.privacy.domain.folding import fold

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_ENDING = re.compile(
    r"(?:enland|land|istan|isch|ien|ia|ie|ei|ish|ese|ais|ois|ees|as|on|es|en|an|er|s|[aeiou])$"
)
_SHORTEST = 4
_NEITHER = (
    "welt mundo world monde mondo wereld latin latein latino sango manx mannois mannese hausa"
    " hungria"
)
"""What the CLDR names besides, and is no people."""
_SHORT = (
    r"usa?|uk|eu|dan(?:e|in|ish)|ind(?:er(?:in)?|isch)|syr(?:er(?:in)?|isch)|pol(?:e|in)|ir(?:e|in)"
    r"|dutch|swiss|suisse(?:sse)?|svizzer[oa]|suiz[oa]|brit(?:ish|on|e|in|isch)\w{0,2}"
    r"|brit(?:annique|anic[oa]|annic[oa])|scott?ish|schott(?:e|in|isch)|ecossaise?"
    r"|americ(?:an|ain|aine|an[oa])|us-?amerikaner(?:in)?|estadounidense|statunitense"
    r"|osterr\.|dt\.|deutscher?|spaniard|greque|grecque|turque|allemande?|tedesc[oa]|oostenrijks?e?"
)
"""Whom no name of a country or language tells, or only its first letters do."""


def _stems() -> Iterator[str]:
    for locale in map(Locale, LANGUAGES):
        for key, name in chain(locale.territories.items(), locale.languages.items()):
            folded = fold(name)
            # Parts of the world have numbers; languages of three letters have no country.
            if key.isdigit() or len(key) > 2 or not folded.isalpha() or folded in _NEITHER.split():
                continue
            stem = _ENDING.sub("", folded)
            if len(folded) >= _SHORTEST:
                yield stem if len(stem) >= _SHORTEST else folded


def _together(stems: Iterable[str]) -> str:
    """Returns a pattern for any of these, which looks at most of them no further than a letter."""
    return "|".join(
        f"{letter}(?:{'|'.join(stem[1:] for stem in group)})"
        for letter, group in groupby(sorted(set(stems)), key=itemgetter(0))
    )


_OF_A_PEOPLE = (
    r"(?:[aeinosy]|(?:[aei]{0,2}|in|isch|es)?(?:an|en|er|in|on|ar)(?:[aoe]s?|er|in|isch|s|ne|erin)?"
    r"|innen|i?s?che[rns]?|is[ck]?h?|e?nser?|i?ese|ees|es[ae]|aine?|aise?|oise?|ol[ea]?"
    r"|enland|land|istan|ia|ien|ie|ei|ac[oa])?"
)
PEOPLE = rf"(?:(?:{_SHORT})|(?:{_together(_stems())}){_OF_A_PEOPLE})(?!\w)"
"""One people or country, in plain form."""
