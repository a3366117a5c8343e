"""Finds what state or people somebody belongs to, as people say it of themselves."""

import re

from services.intake.privacy.domain.forms import END, GOES_ON, PHRASE, form
from services.intake.privacy.domain.peoples import PEOPLE

_ENDS = rf"(?:{END}|{GOES_ON})"
_PEOPLES = rf"{PEOPLE}(?:[ /-](?:and |und |et |y )?{PEOPLE})?"
_HOLDS = (
    r"(?:i am|i'm|ich bin|je suis|soy|sono|ik ben|sou|i hold|i have|ich habe|ich besitze|j'ai|tengo"
    r"|ho|als|as) "
)
_OF_A_STATE = re.compile(
    rf"\b(?:{_HOLDS}|{PHRASE})"
    r"(?:(?:an?|the|die|eine?n?|un[ae]?|la|le|d[ei]|proud|dual|doppelte|geburtige[rn]?) ){0,2}"
    rf"(?:{_PEOPLES} ?(?:citizen(?:ship)?|national(?:ity)?|pass(?:port)?(?: holder)?"
    r"|staats(?:burger(?:in|schaft)?|angehorige[rn]?|angehorigkeit))"
    r"|(?:citoyen(?:ne)?|nationalite|ciudadan[oa]|nacionalidad|cittadin[oa]|cittadinanza|cidadao?"
    rf"|nazionalita|nacionalidade) {PEOPLE}"
    r"|(?:citizen|national|citoyen(?:ne)?|staatsburger(?:in)?) (?:of|de|von|der)"
    rf" (?:(?:the|republik) )?{PEOPLE}){_ENDS}"
)
_OF_A_PEOPLE = re.compile(
    r"\b(?:(?:i am|i'm|ich bin|je suis|soy|sono|ik ben|sou)"
    r"(?: (?:an?|eine?|une?|una|half|halb|proud|native|born|geburtige[rn]?)){0,3}"
    r"|(?:i come|(?:i am|i'm)(?: originally)?) from|ich komme (?:ursprunglich )?aus(?: der)?"
    rf"|je viens de(?: la)?|vengo de|soy de|vengo da(?:lla)?) {_PEOPLES}"
    rf"(?: by birth| von geburt)?{_ENDS}"
)

NATIONALITY_FORMS = (
    form(
        "citizen citizenship national nationality passport citoyen citoyenne nationalite ciudadano"
        " ciudadana nacionalidad cittadino cittadina cittadinanza nazionalita nacionalidade cidada"
        " cidadao pass",
        _OF_A_STATE,
        endings="staatsburger staatsburgerin staatsburgerschaft staatsangehorige staatsangehoriger"
        " staatsangehorigen staatsangehorigkeit",
    ),
    form("i ich suis soy sono ik sou viens vengo", _OF_A_PEOPLE),
)
