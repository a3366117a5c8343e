"""The words of which what stands for none is made: an id, an address, a name."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CALLED = _words(
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
NOTHING = _words(
    "null none nan undefined nil na unknown tbd tba tbc missing empty blank unset void nothing"
    " undef noid placeholder loading error fehler"
    " string unavailable"
    " anonymous anonymized anonymised anonymisiert redacted deleted gelöscht"
    " unassigned pending leer unbekannt fehlt fehlend entfällt"
    " anonym vide inconnu inconnue néant manquant vacío desconocido desconocida vuoto sconosciuto"
    " leeg onbekend brak nieznany desconhecido okänd ukendt ukjent"
)
"""Words that stand for an id that is not there."""
NOT = _words(
    "no not non without to be kein keine keinen nicht ohne pas sans aucun aucune sin ningún ninguno"
    " ninguna nessun nessuno nessuna senza sem geen bez"
)
GIVEN = _words(
    "value wert valeur valor"
    " provided specified given available applicable known found defined determined confirmed"
    " announced assigned entered filled set yet angabe angegeben vorhanden bekannt vergeben gesetzt"
    " zugewiesen renseigné disponible défini attribué fourni aplica asignado definido"
    " proporcionado specificato definito"
)
IDS = _words("id ids uid uuid guid")
MAIL = _words("email mail emails mails mailbox address adresse correo courriel")
DENIED = (
    IDS | GIVEN | MAIL | _words("nr number key applicant candidate bewerber kandidat candidato")
)
"""What there is none of; whoever applies for no vacancy may be told so."""
TRIED = _words("test dummy sample")
NAME_HEADINGS = _words(
    "name vorname nachname zuname familienname firstname lastname fullname surname forename prénom"
    " prenom nombre apellido apellidos cognome noname mustermann musterfrau"
)
"""What stands over a name, or in its place in a form; nobody is called that."""
BESIDE_A_HEADING = _words(
    "first last full given family middle your no kein ohne nom nome max erika"
)
"""What may be somebody's name where it does not stand beside one of those."""
_GLUED = ("undefined", "null", "none", "nan", "id")
_NO_DENIAL = _words("to be")
"""What denies nothing by itself: it is still to be announced."""
_DENIAL = re.compile(
    "({mail})?({no})({what})({what})?".format(
        mail="|".join(sorted(MAIL)),
        no="|".join(sorted(NOT - _NO_DENIAL)),
        what="|".join(sorted(DENIED)),
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_CALLED = 3
"""Of what such a word may stand behind without anything between: "Manan" is a name."""


def words_of(text: str) -> list[str]:
    """Returns the words of a text in small letters, apart where a program put two together."""
    return [part for word in _WORD.findall(text.lower()) for part in _parts(word)]


def is_a_denial(words: frozenset[str], of: frozenset[str]) -> bool:
    """Tells whether words say that there is none, as "no email" does."""
    denies = not words.isdisjoint(NOT - _NO_DENIAL)
    return words <= NOT | of and denies and not words.isdisjoint(of)


def _parts(word: str) -> list[str]:
    """Takes apart what stands together without anything between, as `candidateNull`, `noEmail`."""
    if denial := _DENIAL.fullmatch(word):
        return [part for part in denial.groups() if part]
    for end in _GLUED:
        called = word.removesuffix(end)
        is_long = len(called) >= _SHORTEST_CALLED and called in CALLED
        if called != word and (is_long or called in _GLUED):
            return [called, end]
    return [word]
