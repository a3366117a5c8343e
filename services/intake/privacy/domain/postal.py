"""Finds postal addresses, by their form in the languages of Europe and the Americas."""

import re
from collections.abc import Collection, Iterable, Iterator

from services.intake.privacy.domain.forms import LINE, REST, form, matching
from services.intake.privacy.domain.spans import Finding, Span

PLACE = "[address]"

_DOOR = (
    r"(?: ?/ ?(?:(?:(?:top|tur|stiege|stg|st|stock|haus)\.? ?)?(?!(?:19|20)\d\d\b)\d{1,4}[a-z]?"
    r"|\d{1,2}\. ?(?:stock|stg|og)|eg|dg|og|hp|[ivx]{1,4})\b)"
)
"""As Austria writes the staircase, the floor and the door, behind the number of the house."""
_NUMBER = (
    r"(?!(?:19|20)\d\d\b|24/7\b)\d{1,4}(?![\d.])(?: ?[a-z]\b)?(?: ?- ?\d{1,4}\b)?"
    rf"{_DOOR}{{0,3}}(?!\d|/\d)"
)
_FLAT = (
    r"(?:[,;]?\s{1,3}(?:apt|apartment|unit|suite|ste|flat|floor|etage|og|top|#)\.? ?[\w-]{1,6})?"
    r"(?:[,;]?\s{1,3}(?:top|tur|tuer|stiege|stg|stock)\b\.? ?(?:nr\.? ?)?\d{1,4}[a-z]?\b){0,3}"
)
_POSTCODE = (
    r"(?:[,;\s]{1,4}(?:[a-z]{1,2}-)?\d{4,5} [^\W\d_][\w.'-]{1,30}"
    r"(?: (?:am|an der|im|[^\W\d_]{4,20})(?=\s{0,2}(?:$|\n|,)))?)?"
)
_AMERICAN = r"(?:[,\s]{1,3}(?:[a-z][\w.'-]{1,20}[ ,]{1,2}){1,3}[a-z]{2} \d{5}(?:-\d{4})?)?"
_BEHIND = rf"(?:{_FLAT}{_AMERICAN}{_POSTCODE})"

_WAY_BEHIND = (
    r"stra(?:ß|ss)e|str\.|str|allee|gasse|platz|damm|ufer|chaussee|steig|weg|straat|laan|gracht"
    r"|plein|singel|gatan|vagen|vej|veien"
)
_NAME_FIRST = re.compile(
    r"(?<![\w.'-])(?:(?:[\w'-]{1,20}[ -]){0,3}[\w'-]{0,30}?"
    rf"(?:{_WAY_BEHIND}))(?!(?:(?<=\bplatz)|(?<=\bweg)) \d{{1,4}}/\d{{1,4}}(?!/|,? \d{{4}} ))"
    rf",? {_NUMBER}{_BEHIND}"
)
_ENGLISH_WAY = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|way|terrace|close|crescent"
    r"|parkway|pkwy|highway|hwy|gardens|grove|mews|hill|quay|square|place"
)
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,$€£/-])(?!(?:19|20)\d\d[\s,])\d{{1,5}}[a-z]?,? (?:[nsew]\.? )?"
    r"(?:(?!(?:supreme|district|high|county|superior|circuit|family|crown) court"
    r"|(?:years?|months?|weeks?|days?|hours?|minutes?|miles?|people|percent|and|my|to|with|from|for|in)\b)"
    r"[a-z0-9][\w'-]{0,20} ){1,3}"
    rf"(?:{_ENGLISH_WAY})\b\.?(?! of\b){_BEHIND}"
)
_FRENCH = re.compile(
    r"(?<![\w.,$€£/-])\d{1,4}(?: ?(?:bis|ter|quater)\b)?,? (?:rue|avenue|av\.|boulevard|bd|place"
    r"|chemin|allee|impasse|quai|route|cours) (?:(?:d'|de|du|des|la|le|les|l'|saint|sainte) ?){0,3}"
    rf"[\w'-]{{2,25}}(?: (?!\d)[\w'-]{{2,25}}(?=,|\n| \d))?{_POSTCODE}"
)
_SPANISH_FLAT = (
    r"(?:,? (?:esc(?:alera)?|portal)\.? ?\w{1,3})?(?:,? (?:piso )?\d{1,2} ?[oa°]\.? ?"
    r"(?:(?:[a-z]|izq|izda|izquierda|dcha|derecha|int|ext|centro)\b\.?)?)?"
    r"(?:,? (?:puerta|pta|pt)\b\.? ?\w{1,3})?"
)
_TYPE_FIRST = re.compile(
    r"(?<![\w.'-])(?:(?:calle|avenida|avda|plaza|paseo|carrer|via|viale|piazza|corso|largo|rua"
    r"|travessa|praca|ulica|aleja|улица)\b|c/|avda\.|ul\.|al\.|ул\.) ?"
    r"(?:[\w.'-]{1,20} ){0,4}?[\w.'-]{1,20},? "
    rf"(?:n[.o°º]{{1,2}} ?)?{_NUMBER}{_SPANISH_FLAT}{_POSTCODE}"
)
_LABELLED_PLACE = re.compile(
    rf"{LINE}(?:(?:home|postal|mailing|current|permanent|private|residential|street) )?(?:address"
    r"|adresse|anschrift|wohnort|wohnhaft|domicilio|direccion|indirizzo|endereco|morada|adres|adress"
    rf"|residence|domicile|адрес){REST}"
)
_POST_BOX = re.compile(r"\b(?:p\.? ?o\.? box|postfach|apartado|boite postale) ?\d[\d ]{0,8}\d?")
_TOWNS = (
    (r"[a-z][\w.-]{1,20}(?: [a-z][\w.-]{1,20})?", r", [a-z]{2} \d{5}(?:-\d{4})?\b"),
    (r"(?<![\w-])[a-z]{1,2}\d[a-z\d]?", r" \d[a-z]{2}\b"),
    (r"(?<![\w-])(?:d|a|ch|f|de|at)", r"-\d{4,5} [^\W\d_][\w-]{1,30}"),
)
"""What tells a town's code, and what stands before it: American, British, and with a country."""
_BEHIND_DOORS = r",\s{1,2}(?:a-)?\d{4,5} [^\W\d_][\w.'-]{1,30}"
_STREETS = (
    (
        r"(?<![\w.'-])(?:am|an der|auf der|zum|zur) [^\W\d_][\w.'-]{1,30}",
        rf" \d{{1,4}}[a-z]?{_DOOR}{{1,3}}{_BEHIND_DOORS}",
    ),
    (
        r"(?<![\w.'-])[^\W\d_][\w.'-]{1,30}",
        rf" \d{{1,4}}[a-z]?{_DOOR}{{2,3}}{_BEHIND_DOORS}",
    ),
)
"""What tells a house with doors and its town, and a street before it that no word tells."""
_LONGEST_BEFORE = 45
_TOWN_FORMS, _STREET_FORMS = (
    [(re.compile(f"(?:{head})$"), re.compile(tail)) for head, tail in forms]
    for forms in (_TOWNS, _STREETS)
)

_FORMS = (
    form(
        "strasse straße str allee gasse platz damm ufer chaussee steig weg plein singel",
        _NAME_FIRST,
        endings="strasse straße str allee gasse platz damm ufer chaussee steig weg straat laan"
        " gracht plein singel gatan vagen vej veien",
    ),
    form(_ENGLISH_WAY.replace("|", " "), _NUMBER_FIRST),
    form("rue avenue av boulevard bd place chemin allee impasse quai route cours", _FRENCH),
    form(
        "addresse address adresse anschrift wohnort wohnhaft domicilio direccion indirizzo endereco"
        " morada adres adress residence domicile адрес",
        _LABELLED_PLACE,
    ),
    form("box postfach apartado postale", _POST_BOX),
)
_ROMANCE_FORMS = (
    form(
        "calle c avenida avda plaza paseo carrer via viale piazza corso largo rua travessa praca ul"
        " ulica aleja al улица ул",
        _TYPE_FIRST,
    ),
)


def postal_addresses(text: str, folded: str, words: Collection[str]) -> Iterator[Finding]:
    """Yields where a postal address stands in a text, given also in plain form and by its words."""
    yield from matching(_FORMS, folded, words, PLACE)
    yield from _told_by_their_ends(_TOWN_FORMS, folded)
    for finding in matching(_ROMANCE_FORMS, folded, words, PLACE):
        # "via e-mail" and "ul." begin small; a street's name does not.
        if any(map(str.isupper, text[slice(*finding.span)])):
            yield finding
    for finding in _told_by_their_ends(_STREET_FORMS, folded):
        # Nor does a town's.
        if text[slice(*finding.span)].rsplit(maxsplit=1)[-1][0].isupper():
            yield finding


def _told_by_their_ends(
    forms: Iterable[tuple[re.Pattern[str], re.Pattern[str]]], folded: str
) -> Iterator[Finding]:
    for head, tail in forms:
        for match in tail.finditer(folded):
            first = max(0, match.start() - _LONGEST_BEFORE)
            if before := head.search(folded[first : match.start()]):
                yield Finding(Span(first + before.start(), match.end()), PLACE)
