"""Finds postal addresses, by their form in the languages of Europe and the Americas."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain

from babel import Locale

from services.intake.privacy.domain.folding import fold
from services.intake.privacy.domain.forms import END, LINE, REST, Forms, form
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
_COUNTED = (
    r"(?:mitarbeit|kund|nutzer|anwender|users?\b|person|teilnehm|bett|gast|schul|stud|patient|klient"
    r"|einwohn|besuch|mitgl|bewohn|beschaft|angestellt|eur|stuck|einheit|fall|ticket|bestell"
    r"|auftr|arti[ck]|produ[ck]|server|gerat|maschin|fahrz|seite|zeile|stund|tage?\b|woche|monat"
    r"|jahr|k(?:m|g)\b|kilo|meter|tonn|liter|punkt|transa[ck]|datens|tests?\b|builds?\b|commit"
    r"|download|request|line|page|hour|days?\b|week|month|year|employ|client|customer|people|pupil"
    r"|member|visit|guest|beds?\b|units?\b|cases?\b|orders?\b|items?\b|record|rows?\b|files?\b|point"
    r"|event|message|calls?\b|mails?\b|node|core|device|store|sites?\b|seats?\b|vehicle|meile|miles?\b"
    r"|view|click|lead|sale|staff|attend|partic|usd|dollar|pound|gbp|chf|loc\b|passag|fahrg|anfrag|account|bons?\b|utilis|eleve|lits?\b"
    r"|teile?\b|palett|pallet|quadrat|sitz|kisten|flasch|bottle|boxes|parts?\b|m2|qm|heure|jour|emplead|usuari|alumn|paci|cama|hora|utent|client|dipend|ore\b|giorn)"
)
"""What is told by its number and is no town, by its beginning."""
_MONTHS = "|".join(
    sorted(
        {
            fold(month).strip(".")
            for language in ("en", "de", "fr", "es", "it")
            for width in ("wide", "abbreviated")
            for month in Locale(language).months["format"][width].values()
        }
    )
)
_NUMBERED = (
    rf"(?:{_MONTHS}|platz|version|release|level|phase|sprint|python|java|windows|iso|top|rang|rank|stufe"
    r"|klasse|class|grade|modul[eo]?|semester|office|lini?e|grupp?e|kurs|course|schicht|shift|lager|halle?|saal|raum|room|zone|block|studio|projekt|project|anlage|award|preis|werk|group|team|figure|table|page|seite|chapter|kapitel|abteilung)"
)
"""What has a number behind it and is no street."""
_CODE = r"(?:\d{3} \d\d|\d\d[- ]\d{3}|\d{5}|\d{4}(?:-\d{3}| [a-z]{2}\b)?)"
_TOWN = (
    rf"(?!{_COUNTED})(?:(?:bad|st\.?|sankt|saint|san|la|le|los|den|novi?|new) )?"
    r"[^\W\d_][\w.'-]{1,30}"
    r"(?: (?:am|an der|im|bei|ob der|sur|del|de la) [^\W\d_][\w-]{1,20}| \d{1,2}\b)?"
)
_BEFORE_A_CODE = (
    r"(?:,[ \t]?\s?|[ \t]{0,3}\n\s{0,4}| [-–|·] |[ \t]{1,40})(?!(?:19[5-9]|20[0-2])\d )"
)
"""Between a house and its town, where a year may stand as well."""
_STREET = (
    r"(?:(?!(?:at|bei|beim|chez) )[^\W_][\w.'-]{0,30} ){0,3}"
    rf"(?!{_NUMBERED}(?:$| ))[^\W\d_][\w.'-]{{1,30}}"
)
_HOUSE = (
    r" (?:nr\.? ?)?(?!(?:19|20)\d\d\b)\d{1,4}(?: ?[a-z]\b)?(?: ?- ?\d{1,4}\b)?(?: m\.? ?\d{1,4})?"
    rf"{_DOOR}{{0,3}}{_FLAT}"
)
_STREETS = (
    (
        rf"(?<![\w.'-]){_STREET}",
        rf"{_HOUSE}{_BEFORE_A_CODE}(?:[a-z]{{1,3}}[- ] ?)?{_CODE} {_TOWN}",
    ),
    (
        rf"(?<![\w.'-])\d{{1,4}}(?: ?(?:bis|ter))?,? {_STREET}",
        rf"(?:,\s{{1,2}}|\n)\d{{5}} {_TOWN}",
    ),
)
"""A house and its town, whatever the street is called: what tells it, and what stands before."""
_TOWN_FIRST = re.compile(
    rf"(?=\d)(?<![\w.,/-])(?!(?:19|20)\d\d ){_CODE} {_TOWN}[,\n] ?{_STREET}{_HOUSE}{END}"
)
_LONGEST_BEFORE = 60
_TOWN_FORMS, _STREET_FORMS = (
    [(re.compile(f"(?:{head})$"), re.compile(tail)) for head, tail in forms]
    for forms in (_TOWNS, _STREETS)
)
_BEGINS_A_WORD = re.compile(r"(?<![\w.'-])[^\W_]")

_FORMS = Forms(
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
_ROMANCE_FORMS = Forms(
    form(
        "calle c avenida avda plaza paseo carrer via viale piazza corso largo rua travessa praca ul"
        " ulica aleja al улица ул",
        _TYPE_FIRST,
    ),
)


def postal_addresses(text: str, folded: str, words: AbstractSet[str]) -> Iterator[Finding]:
    """Yields where a postal address stands in a text, given also in plain form and by its words."""
    yield from _FORMS.matching(folded, words, PLACE)
    yield from _told_by_their_ends(_TOWN_FORMS, folded)
    for finding in _ROMANCE_FORMS.matching(folded, words, PLACE):
        # "via e-mail" and "ul." begin small; a street's name does not.
        if any(map(str.isupper, text[slice(*finding.span)])):
            yield finding
    told = (Finding(Span(*match.span()), PLACE) for match in _TOWN_FIRST.finditer(folded))
    for (start, end), _ in chain(_told_by_their_ends(_STREET_FORMS, folded), told):
        # A street and a town begin with a capital; what is counted or stands before may not.
        capitals = [
            each for each in _BEGINS_A_WORD.finditer(text, start, end) if not each[0].islower()
        ]
        if capitals and not text[start:end].rsplit(maxsplit=1)[-1][0].islower():
            yield Finding(Span(capitals[0].start(), end), PLACE)


def _told_by_their_ends(
    forms: Iterable[tuple[re.Pattern[str], re.Pattern[str]]], folded: str
) -> Iterator[Finding]:
    for head, tail in forms:
        for match in tail.finditer(folded):
            first = max(0, match.start() - _LONGEST_BEFORE)
            if before := head.search(folded[first : match.start()]):
                yield Finding(Span(first + before.start(), match.end()), PLACE)
