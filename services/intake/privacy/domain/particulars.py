"""Finds where somebody lives, when they were born, and what nobody may be judged by.

Postal addresses are told by their form in the languages of Europe and the Americas. Birth, age,
religion, disability and the like are told by a label before them, or by what people say of
themselves; not by what an employer, a job or a membership may give away.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from services.intake.privacy.domain.spans import Finding, Span

PLACE, PERSONAL = "[address]", "[personal]"


class _Form(NamedTuple):
    """One way in which something is written, in plain form."""

    signs: tuple[str, ...]
    """One of these stands in every text in which it may be found."""
    pattern: re.Pattern[str]
    replacement: str


_NUMBER = r"(?!(?:19|20)\d\d\b)\d{1,4}(?: ?[a-z]\b)?(?: ?[-/] ?\d{1,4}\b)?"
_FLAT = (
    r"(?:[,;]?\s{1,3}(?:apt|apartment|unit|suite|ste|flat|floor|etage|og|top|#)\.? ?[\w-]{1,6})?"
)
_POSTCODE = (
    r"(?:[,;\s]{1,4}(?:[a-z]{1,2}-)?\d{4,5} [^\W\d_][\w.'-]{1,30}(?: (?:am|an der|im|[^\W\d_]{4,20})"
    r"(?=\s{0,2}(?:$|\n|,)))?)?"
)
_AMERICAN = r"(?:[,\s]{1,3}(?:[a-z][\w.'-]{1,20}[ ,]{1,2}){1,3}[a-z]{2} \d{5}(?:-\d{4})?)?"
_BRITISH = r"[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b"
_BEHIND = rf"(?:{_FLAT}{_AMERICAN}{_POSTCODE})"

_WAY_BEHIND = (
    r"stra(?:ß|ss)e|str\.|str|allee|gasse|platz|damm|ufer|chaussee|steig|weg|straat|laan|gracht"
    r"|plein|kade|singel|gatan|vagen|vej|gade|veien|gata|katu|tie|utca"
)
_NAME_FIRST = re.compile(
    rf"(?<![\w.'-])(?:(?:[\w'-]{{1,20}}[ -]){{0,3}}[\w'-]{{0,30}}?(?:{_WAY_BEHIND})),? {_NUMBER}{_BEHIND}"
)
_ENGLISH_WAY = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|way|terrace|close|crescent"
    r"|parkway|pkwy|highway|hwy|gardens|grove|mews|hill|quay|square|place"
)
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,$€£/-])(?!(?:19|20)\d\d\s)\d{{1,5}}[a-z]?,? (?:[nsew]\.? )?"
    r"(?:(?!(?:supreme|district|high|county|superior|circuit|family|crown) court"
    r"|(?:years?|months?|weeks?|days?|hours?|people|percent)\b)[a-z0-9][\w'-]{0,20} ){1,3}"
    rf"(?:{_ENGLISH_WAY})\b\.?(?! of\b){_BEHIND}"
)
_FRENCH = re.compile(
    r"(?<![\w.,$€£/-])\d{1,4}(?: ?(?:bis|ter|quater)\b)?,? (?:rue|avenue|av\.|boulevard|bd|place"
    r"|chemin|allee|impasse|quai|route|cours) (?:(?:d'|de|du|des|la|le|les|l'|saint|sainte) ?){0,3}"
    rf"[\w'-]{{2,25}}(?: (?!\d)[\w'-]{{2,25}}(?=,|\n| \d))?{_POSTCODE}"
)
_TYPE_FIRST = re.compile(
    r"(?<![\w.'-])(?:calle|c/|avenida|avda\.?|plaza|paseo|carrer|via|viale|piazza|corso|largo|rua"
    r"|travessa|praca|ul\.|ulica|aleja|al\.|улица|ул\.) ?(?:[\w.'-]{1,20} ){0,4}?[\w.'-]{1,20},? "
    rf"(?:n[.o°º]{{1,2}} ?)?{_NUMBER}{_POSTCODE}"
)
_LINE = r"(?:^|[\n|•;\x00])[ \t]{0,5}"
_REST = r"[ \t]{0,3}[:=][ \t]{0,3}[^\n|•;\x00]{1,120}"
_LABELLED_PLACE = re.compile(
    rf"{_LINE}(?:(?:home|postal|mailing|current|permanent|private|residential|street) )?(?:address"
    r"|adresse|anschrift|wohnort|wohnhaft|domicilio|direccion|indirizzo|endereco|morada|adres|adress"
    rf"|residence|domicile|адрес){_REST}"
)
_POST_BOX = re.compile(r"\b(?:p\.? ?o\.? box|postfach|apartado|boite postale) ?\d[\d ]{0,8}\d?")
_LONE_POSTCODE = re.compile(
    rf"(?<![\w-])(?:{_BRITISH}|(?:d|a|ch|f|de|at)-\d{{4,5}} [^\W\d_][\w-]{{1,30}}"
    r"|[a-z][\w.-]{1,20}, [a-z]{2} \d{5}(?:-\d{4})?\b)"
)

_DAY = (
    r"\d{0,2}\.? ?(?:of )?[^\W\d_]{3,10}\.? (?:\d{1,2},? )?\d{4}|(?:\d{1,2}[./ -]{1,2}){0,2}\d{1,4}"
)
_BIRTH = re.compile(
    r"\b(?:date of birth|d\.?o\.?b\.?|birth ?da(?:te|y)|place of birth|birth ?place|geburts(?:datum"
    r"|tag|ort)|date de naissance|lieu de naissance|fecha de nacimiento|lugar de nacimiento"
    r"|data di nascita|luogo di nascita|data de nascimento|geboortedatum|geboorteplaats"
    rf"|data urodzenia|дата рождения)(?:{_REST}|\s{{1,3}}(?:{_DAY}))"
)
_BORN = re.compile(
    r"\b(?:born(?: on| in)?|geboren(?: am)?|geb\.(?: am)?|nee?(?:\(e\))? le|nacid[oa] el"
    r"|nat[oa] (?:il|a)|nascid[oa] em|geboren op|ur\.)\s{1,2}(?:[^\W\d_]{2,20},? (?:on |in |am )?)?"
    rf"(?:{_DAY})(?:,? in [^\W\d_]{{2,30}})?"
)
_AGE = re.compile(
    rf"\b(?:age|alter|edad|eta|leeftijd|idade)[ \t]{{0,2}}[:=][ \t]{{0,2}}\d\d\b(?: [^\W\d_]{{2,8}})?"
    r"|\b(?:i am|i'm|ich bin|j'ai|tengo|ik ben)(?: now)? \d\d (?:years?|jahre|ans|anos|anni|jaar)"
    r"(?: (?:old|alt|oud))?"
)
_LABELS = (
    r"religion|religious affiliation|faith|konfession|religionszugehorigkeit|confession|religione"
    r"|disabilit(?:y|ies)(?: status)?|behinderung|schwerbehinderung|grad der behinderung|handicap"
    r"|degree of disability|discapacidad|disabilita|marital status|familienstand|civil status"
    r"|etat civil|estado civil|stato civile|nationality|citizenship|staatsangehorigkeit"
    r"|staatsburgerschaft|nationalitat|nationalite|nacionalidad|nazionalita|nationaliteit|gender"
    r"|sex|geschlecht|sexe|sexo|sesso|ethnicity|ethnic origin|caste|sexual orientation"
    r"|political affiliation|parteizugehorigkeit|gewerkschaft|trade union|kinder|number of children"
)
_VALUE = r"[ \t]{0,3}[:=][ \t]{0,3}[^\n|•;.,\x00]{1,60}(?:, [^\n|•;.,\x00]{1,40})?"
_LABELLED = re.compile(rf"\b(?:{_LABELS}){_VALUE}")
_FAITHS = (
    r"catholic|protestant|christian|muslim|jewish|jew|hindu|buddhist|sikh|mormon|atheist"
    r"|evangelical|lutheran|baptist|anglican|quaker|katholisch|katholik|evangelisch|muslimisch"
    r"|muslima|judisch|orthodox|catholique|musulmane?|juif|juive|catolic[oa]"
)
_CONDITIONS = (
    r"disabled|deaf|blind|hard of hearing|visually impaired|hearing impaired|paraplegic|autistic"
    r"|epileptic|dyslexic|bipolar|pregnant|schwerbehindert|behindert|gehorlos|schwanger|handicapee?"
    r"|gay|lesbian|bisexual|transgender|non-binary|hiv[ -]positive"
)
_FERVENT = (
    r"practi[sc]ing|devout|committed|observant|religious|strict|gl[aä]ubige?r?|praktizierende?r?"
)
_DEGREE = r"severely|registered|legally|partially|profoundly|physically|visually|clinically|born"
_SELF = r"\b(?:i am|i'm|ich bin|je suis|soy|sono|ik ben)(?: an?| eine?| une?)?"
_SAID = re.compile(
    rf"{_SELF} (?:(?:{_FERVENT}|{_DEGREE}) ){{0,2}}(?:{_FAITHS}|{_CONDITIONS})\b"
    rf"|\b(?:as an? |als )?(?:{_FERVENT}) (?:roman )?(?:{_FAITHS})\b"
    rf"|\b(?:severely|registered|legally) (?:disabled|blind|deaf)\b"
    r"|\bschwerbehindert\w{0,20}(?: \(?gdb ?\d{2,3} ?%?\)?)?|\bgdb(?: von)? ?\d{2,3}(?: ?%)?"
    r"|\bschwerbehinderung\b|\b(?:as a )?wheelchair user\b"
)
_AILMENTS = (
    r"disabilit(?:y|ies)|behinderung|handicap|discapacidad|autism|asperger\w{0,3}|epilepsy|dyslexia"
    r"|adhd|multiple sclerosis|depression|cerebral palsy|diabetes|hearing loss|visual impairment"
    r"|hearing impairment|hearing aids?|chronic illness|cancer"
)
_HAS = re.compile(
    r"\b(?:i (?:have|suffer from|live with|was diagnosed with|was born with)|because of my"
    r"|due to my|despite my|my own|my|ich habe|wegen meiner|trotz meiner|j'ai|tengo)"
    rf" (?:an? |eine? |une? |una? )?(?:[^\W\d_]{{3,14}} ){{0,2}}?(?:{_AILMENTS})\b"
)
_MEMBER = re.compile(
    r"\b(?:active |lay )?member of (?:the |an? |my )?(?:[\w'.-]{1,25} ){0,4}?(?:church|mosque"
    r"|synagogue|parish|congregation|gurdwara)\b"
)

_DIGITS = tuple("0123456789")
_FORMS = (
    _Form(tuple(re.sub(r"\(.*?\)|\\.", "", _WAY_BEHIND).split("|")) + ("strasse", "straße"), _NAME_FIRST, PLACE),
    _Form(tuple(_ENGLISH_WAY.split("|")), _NUMBER_FIRST, PLACE),
    _Form((" rue ", "avenue", " av.", "boulevard", " bd ", "place", "chemin", "allee", "impasse", "quai", "route", "cours"), _FRENCH, PLACE),
    _Form(("calle", "c/", "avenida", "avda", "plaza", "paseo", "carrer", "via ", "viale", "piazza", "corso", "largo", "rua ", "travessa", "praca", "ul.", "ulica", "aleja", "al.", "улица", "ул."), _TYPE_FIRST, PLACE),
    _Form(("addres", "adres", "anschrift", "wohn", "domicil", "direccion", "indirizzo", "endereco", "morada", "residence", "адрес"), _LABELLED_PLACE, PLACE),
    _Form(("box", "postfach", "apartado", "postale"), _POST_BOX, PLACE),
    _Form(_DIGITS, _LONE_POSTCODE, PLACE),
    _Form(("birth", "dob", "d.o.b", "geburt", "naissance", "nacimiento", "nascita", "nascimento", "geboorte", "urodzenia", "рождения"), _BIRTH, PERSONAL),
    _Form(("born", "geb", "nee", "ne le", "ne(e) le", "nacid", "nat", "nascid", "ur."), _BORN, PERSONAL),
    _Form(("age", "alter", "edad", "eta", "leeftijd", "idade", "i am", "i'm", "ich bin", "j'ai", "tengo", "ik ben"), _AGE, PERSONAL),
    _Form((":", "="), _LABELLED, PERSONAL),
    _Form(("i am", "i'm", "ich bin", "je suis", "soy", "sono", "ik ben", "practi", "devout", "committed", "observant", "religious", "strict", "gl", "prakti", "disab", "blind", "deaf", "schwerb", "gdb", "wheelchair"), _SAID, PERSONAL),
    _Form(("disabilit", "behinderung", "handicap", "discapacidad", "autism", "asperger", "epilepsy", "dyslexia", "adhd", "sclerosis", "depression", "palsy", "diabetes", "hearing", "impairment", "illness", "cancer"), _HAS, PERSONAL),
    _Form(("member of",), _MEMBER, PERSONAL),
)  # fmt: skip


def particulars(folded: str) -> Iterator[Finding]:
    """Yields where a text in plain form tells what nobody needs to know."""
    for form in _FORMS:
        if any(sign in folded for sign in form.signs):
            for match in form.pattern.finditer(folded):
                yield Finding(_trimmed(match), form.replacement)


def _trimmed(match: re.Match[str]) -> Span:
    """Returns the span without the line's end and the separators at either side."""
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip(" \t\n|•;,(\x00"))
    return Span(start, match.end() - (len(text) - len(text.rstrip(" \t\n,;"))))
