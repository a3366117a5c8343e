"""Finds when and where somebody was born, and how old they are, by a label or as people say it."""

import re

from services.intake.privacy.domain.forms import END, GAP, GOES_ON, PHRASE, VALUE, form
from services.intake.privacy.domain.labels import AGE, BIRTH, BIRTH_SIGNS, YEARS

_NTH = r"(?:st|nd|rd|th|er|[oa°])?"
_MONTH = rf"{_NTH}\.? ?(?:of |de )?[^\W\d_]{{3,10}}[.,]? (?:del? )?"
_DAY = (
    rf"\d{{0,2}}{_MONTH}(?:\d{{1,2}}{_NTH},? )?\d{{4}}|\d{{1,2}}{_MONTH}'?\d{{2}}\b"
    r"|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:\d{1,2}[./ -]{1,2}){0,2}\d{1,4}"
)
_YEAR = r"(?:19|20)\d\d"
_WHOLE_DAY = rf"\d{{1,2}}\. ?(?:\d{{1,2}}\.|[^\W\d_]{{3,9}}) ?{_YEAR}"
_TOWN = r"[^\W\d_][\w.'-]{1,30}(?: (?:am|an der|im|bei|de|la|del) [^\W\d_][\w-]{1,20})?"
_BIRTH = re.compile(
    rf"\b(?:{BIRTH})(?:[ \t]{{0,60}}[:=][ \t]{{0,60}}{VALUE}"
    rf"|(?:\s{{1,3}}|\s{{0,2}}[-–—]\s{{0,2}})(?:{_DAY}))"
)
_BORN = re.compile(
    r"\b(?:born(?: on| in)?|geboren(?: am)?|geb\.(?: am)?|nee?(?:\(e\))? (?:le|en)"
    r"|naci(?:d[oa]|o)? e[ln]|nat[oa] (?:il|a|nel)|nasc(?:id[oa]|i) em|geboren op|ur\.)"
    rf"(?:{GAP}|\s{{1,2}})(?:[^\W\d_]{{2,20}},? (?:on |in |am )?)??(?:{_DAY})"
    r"(?:,? (?:in|a|en) [^\W\d_]{2,30})?"
)
_BORN_AT = re.compile(
    r"\b(?:geboren|geb\.|nee?(?:\(e\))?|naci(?:d[oa]|o)?|nat[oa]|nasc(?:id[oa]|i)) (?:in|a|en|em)"
    rf" {_TOWN},? (?:(?:am|le|el|il|em|en|nel|in|im|op) )?(?:{_DAY})"
)
_BORN_THERE = re.compile(
    r"\b(?:i was born(?: and \w{4,8}(?: up)?)? (?:in|at|near)"
    rf"|{PHRASE}(?:born(?: and raised)? in"
    r"|(?:geboren(?: und aufgewachsen)?|geb\.|nacid[oa]|nee?|nat[oa]) (?:in|en|a))"
    r"|\b(?:je suis|soy|sono|ik ben) (?:nee?(?:\(e\))?|nacid[oa]|nat[oa]|geboren) (?:a|en|au|in)"
    rf"|\bnaci en|\bnasci em|\bgeboren (?:wurde|bin) ich(?: (?:am|im) (?:{_DAY}))? in)"
    rf" (?!(?:the|a|an)\b){_TOWN}(?:,? [^\W\d_]{{3,20}}{END})?"
)
_SAID_BEFORE_BORN = re.compile(
    rf"\b(?:(?:ich (?:wurde|bin)|(?:wurde|bin) ich|ik (?:ben|werd))(?: [\w.,/'-]{{1,25}}){{1,8}}"
    rf"|(?:{PHRASE}|wurde )(?:(?:am|im jahre?) )?"
    rf"(?:(?:{_WHOLE_DAY})(?: in {_TOWN})?|{_YEAR} in {_TOWN}|in {_TOWN} (?:am )?"
    rf"(?:{_WHOLE_DAY}|{_YEAR}))|{PHRASE}{_YEAR}) (?:geboren|zur welt gekommen)\b"
    r"|\bich bin jahrgang \d{2,4}\b"
)
"""As German says it: the day and the town first."""
STAR = re.compile(
    r"(?<![^\s(,;|])[*★✶✱∗](?:"
    r"\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d\d\b(?! ?(?:-|bis\b|to\b))"
    r"|[ \t]{0,2}(?:\d{1,2}[./-] ?\d{1,2}[./-] ?|\d{1,2}\.? [^\W\d_]{3,10} )(?:19|20)\d\d"
    r"(?=[ \t]{0,2}(?:$|[\n,)|\x00]|in ))"
    r")(?:,? in [^\W\d_]{2,30})?"
)
"""As a birth is marked beside a name; what is listed behind stars goes on behind its day."""
_OLD = rf"{YEARS}(?: (?:old|alt|oud|jung|young|of age))?"
_AGED = re.compile(
    r"\b(?:(?:i am|i'm|i turn|ich bin|ich werde|ik ben|s?he is|er ist|sie ist|j'ai|tengo|ho)"
    r"(?: (?:now|currently|jetzt|derzeit|actuellement))?"
    rf"(?: {AGE} {_OLD}| {AGE}(?: ?y/?o)?)(?:{END}|{GOES_ON})"
    rf"|(?:agee?|femme|homme|mujer|hombre|donna|uomo) (?:de|di) {AGE} {YEARS}"
    rf"|(?:i am|i'm|as) an? {AGE}[ -]years?[ -]old"
    rf"|(?:ich bin|als)(?: eine?)? {AGE}[ -]?jahrige[rn]?)\b"
)
_AGE_BY_ITSELF = re.compile(
    rf"{PHRASE}(?:{AGE} (?:years (?:old|of age)|jahre alt|jaar oud)|{AGE} ?y/?o|aged {AGE}"
    rf"|im alter von {AGE}(?: jahren)?)(?:{END}|{GOES_ON})"
    rf"|(?:^|(?<=[\n\x00])){AGE} (?:ans|anos|anni){END}"
)

_OF_A_BIRTH = "born geb geboren ne nee naci nacio nacido nacida nato nata nasci nascido nascida ur"
BIRTHS = (
    form(BIRTH_SIGNS, _BIRTH),
    form(_OF_A_BIRTH, _BORN),
    form(_OF_A_BIRTH, _BORN_AT),
    form(_OF_A_BIRTH, _BORN_THERE),
    form("geboren gekommen jahrgang", _SAID_BEFORE_BORN),
    form("i ich ai tengo ho ik old alt oud ans anos anni jahrige jahriger jahrigen", _AGED),
    form("old alt oud yo o age aged alter ans anos anni", _AGE_BY_ITSELF),
)
