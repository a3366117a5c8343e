"""Finds whom somebody lives with and brings up, as people say it of themselves."""

import re

from services.intake.privacy.domain.forms import END, GOES_ON, PHRASE, form
from services.intake.privacy.domain.labels import CHILDREN, FAMILY, NUMBER

_ENDS = rf"(?:{END}|{GOES_ON})"
_ADJECTIVE = r"(?:[^\W\d_]{4,12} )?"
_AND_CHILDREN = (
    r"(?:(?:,? (?:und|and|with|mit|et|y|e|avec|con)|,)(?: [^\W\d_]{2,12}){0,2}"
    rf" (?:{NUMBER} )?{_ADJECTIVE}{CHILDREN}\b)?"
)
_STATUS = re.compile(
    r"\b(?:(?:i am|i'm|i have been|i've been|ich bin|ich lebe|je suis|estoy|soy|sono|ik ben)"
    r"(?: [^\W\d_]{3,12})?(?: (?:seit|since) \d{4})?"
    rf" (?:{FAMILY}|single|in einer (?:partnerschaft|beziehung))"
    rf"(?:{_AND_CHILDREN}{_ENDS}|(?= to\b))|{PHRASE}{FAMILY}{_AND_CHILDREN}{_ENDS})"
)
_PARENT = re.compile(
    r"\b(?:(?:single|alleinerziehende[rn]?) )?(?:mother|father|parent|mum|mom|dad|mutter|vater|mama"
    r"|papa|mere|pere|madre|padre|moeder|vader|mae|pai)"
    rf" (?:(?:of|von|de|di|van) {NUMBER}|zweier|dreier)(?: {_ADJECTIVE}{CHILDREN})?{_ENDS}"
)
_CHILDREN = re.compile(
    r"\b(?:i have|i've got|ich habe|j'ai|tengo|ho|ik heb|tenho)"
    rf" (?:{NUMBER}|an?) {_ADJECTIVE}{CHILDREN}{_ENDS}"
)

FAMILY_FORMS = (
    form(
        "single partnerschaft beziehung ledig geschieden gehuwd ongehuwd getrouwd celibataire marie"
        " mariee divorce divorcee veuf veuve pacse pacsee concubinage celibe nubile verh lebend",
        _STATUS,
        endings="married verheiratet verwitwet verpartnert alleinerziehend divorced widow widowed"
        " widower soltero soltera casado casada divorciado divorciada viudo viuda coniugato"
        " coniugata sposato sposata divorziato divorziata vedovo vedova solteiro solteira",
    ),
    form(
        "mother father parent mum mom dad mutter vater mama papa mere pere madre padre moeder vader"
        " mae pai",
        _PARENT,
    ),
    form(
        "kid kids sohn sohne fils fille filles hijo hijos hija hijas figlio figli figlia figlie"
        " enfant enfants filho filhos filha filhas son sons daughter daughters tochter",
        _CHILDREN,
        endings="kind kinder kinderen child children",
    ),
)
