"""Which ids tell nobody apart because a part of them was never filled in.

`candidate_None` is what a program makes of a person without an id, and makes of each of them.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CALLED = _words(
    "applicant application app appl candidate cand candidacy person people user usr employee emp"
    " contact customer member profile account acct record row ref reference id ids uid uuid guid nr"
    " num number key code name job vacancy vac position posting req requisition opening role offer"
    " talent prospect lead external ext internal int bewerber bewerberin bewerbung kandidat kand"
    " kandidatin stelle mitarbeiter personal candidat candidature poste offre candidato"
    " candidata candidatura postulante solicitud vacante puesto hr ats crm erp src source tenant"
    " gh greenhouse lever workday wd sap sf successfactors smartrecruiters teamtailor personio"
    " ashby recruitee bamboohr workable icims taleo jobvite softgarden rexx umantis linkedin indeed"
    " xing bullhorn cornerstone oracle jazzhr breezy comeet phenom avature zoho hibob"
    " rippling factorial stepstone monster glassdoor hokify your insert enter here"
)
"""What systems call a person, an application or a vacancy, and what they are called themselves."""
_NOTHING = _words(
    "null none nan undefined nil na unknown tbd tba tbc missing empty blank unset void nothing"
    " undef noid placeholder loading error fehler"
    " string"
    " anonymous redacted deleted unassigned pending leer unbekannt fehlt fehlend entfällt"
    " anonym vide inconnu inconnue néant manquant vacío desconocido desconocida vuoto sconosciuto"
    " leeg onbekend brak nieznany desconhecido okänd ukendt ukjent"
)
"""Words that stand for an id that is not there."""
_NOT = _words(
    "no not non without to be kein keine keinen nicht ohne pas sans aucun aucune sin ningún ninguno"
    " ninguna nessun nessuno nessuna senza sem geen bez"
)
_GIVEN = _words(
    "value wert valeur valor"
    " provided specified given available applicable known found defined determined confirmed"
    " announced assigned entered filled set yet angabe angegeben vorhanden bekannt vergeben gesetzt"
    " zugewiesen renseigné disponible défini attribué fourni aplica asignado definido"
    " proporcionado specificato definito"
)
_IDS = _words("id ids uid uuid guid")
_DENIED = _IDS | _GIVEN | _words("nr number key applicant candidate bewerber kandidat candidato")
"""What there is none of; whoever applies for no vacancy may be told so."""
_TRIED = _words("test dummy sample")
_GLUED = ("undefined", "null", "none", "nan", "id")
_SHORTEST_CALLED = 3
"""Of what such a word may stand behind without anything between: "Manan" is a name."""

_WORD = re.compile(r"[^\W\d_]+")
_PREFIX = re.compile(r"([^\W\d_]+)[-:/|=_. ]+")
_UNFILLED = re.compile(
    r"\{\{|\}\}|\$\{|<%|%>|\{%|#\{|\[object \w+\]|«[^«»]*»|%(?:\([^()]*\))?[sd]$"
    r"|\{[^\W\d]+(?:[ .:>\[-]+[^\W\d]+\]?)*\}"
    r"|[<\[](?:[^\W\d_]+[ ._-])*(?:id|no|nr|number|key)[>\]]"
)
"""What a template leaves within an id; the GUIDs that Windows puts into braces have digits."""
_ENDS_EMPTY = re.compile(
    r".*(?:[-:/|=#_ ](?:undefined|NaN)|[-:/|=#_](?:NULL|None)|[:/|=#_](?:null|nil)|[:/|=#]nan"
    r"|[0-9]-(?:null|none|nan))"
)
"""As programs spell it, behind what joins a system's name and an id rather than two names."""


def is_unfilled(text: str) -> bool:
    """Tells whether a part of an id stands for none, and the rest for any."""
    return (
        _UNFILLED.search(text.lower()) is not None
        or _ENDS_EMPTY.fullmatch(text) is not None
        or _is_of_empty_words(text)
    )


def without_prefix(text: str) -> str:
    """Returns an id without the words before it that say what it is an id of."""
    while (prefix := _PREFIX.match(text)) and prefix[1].lower() in _CALLED:
        text = text[prefix.end() :]
    return text


def _is_of_empty_words(text: str) -> bool:
    """Tells whether an id has no digit, and no word but what stands for none or for any."""
    if any(map(str.isdecimal, text)):
        return False
    found = [part for word in _WORD.findall(text.lower()) for part in _parts(word)]
    words = frozenset(found)
    if words <= _TRIED | _IDS:
        return not words.isdisjoint(_TRIED)
    if not words <= _CALLED | _NOTHING | _NOT | _GIVEN:
        return False
    is_denied = not words.isdisjoint(_NOT) and not words.isdisjoint(_DENIED)
    is_a_heading = len(found) > 1 and words <= _CALLED and not words.isdisjoint(_IDS)
    return is_denied or is_a_heading or not words.isdisjoint(_NOTHING)


def _parts(word: str) -> list[str]:
    """Takes apart what a program put together without anything between, as `candidateNull`."""
    for end in _GLUED:
        called = word.removesuffix(end)
        is_long = len(called) >= _SHORTEST_CALLED and called in _CALLED
        if called != word and (is_long or called in _GLUED):
            return [called, end]
    return [word]
