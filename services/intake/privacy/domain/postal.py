"""Finds postal addresses, by their form in the languages of Europe and the Americas."""

import re
from collections.abc import Collection, Iterator

from services.intake.privacy.domain.forms import LINE, REST, form, matching
from services.intake.privacy.domain.spans import Finding, Span

PLACE = "[address]"

_NUMBER = r"(?!(?:19|20)\d\d\b)\d{1,4}(?![\d/.])(?: ?[a-z]\b)?(?: ?[-/] ?\d{1,4}\b)?"
_FLAT = (
    r"(?:[,;]?\s{1,3}(?:apt|apartment|unit|suite|ste|flat|floor|etage|og|top|#)\.? ?[\w-]{1,6})?"
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
    rf"(?:{_WAY_BEHIND})),? {_NUMBER}{_BEHIND}"
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
_TYPE_FIRST = re.compile(
    r"(?<![\w.'-])(?:(?:calle|avenida|avda|plaza|paseo|carrer|via|viale|piazza|corso|largo|rua"
    r"|travessa|praca|ulica|aleja|улица)\b|c/|avda\.|ul\.|al\.|ул\.) ?"
    r"(?:[\w.'-]{1,20} ){0,4}?[\w.'-]{1,20},? "
    rf"(?:n[.o°º]{{1,2}} ?)?{_NUMBER}{_POSTCODE}"
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
_LONGEST_BEFORE = 45
_TOWN_FORMS = [(re.compile(f"(?:{head})$"), re.compile(tail)) for head, tail in _TOWNS]

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
    for finding in matching(_ROMANCE_FORMS, folded, words, PLACE):
        # "via e-mail" and "ul." begin small; a street's name does not.
        if any(map(str.isupper, text[slice(*finding.span)])):
            yield finding
    for head, tail in _TOWN_FORMS:
        for match in tail.finditer(folded):
            first = max(0, match.start() - _LONGEST_BEFORE)
            if before := head.search(folded[first : match.start()]):
                yield Finding(Span(first + before.start(), match.end()), PLACE)
