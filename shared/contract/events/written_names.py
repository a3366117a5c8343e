"""Which names can be written to somebody: a name is a stranger's text in a letter of ours."""

import re
import unicodedata
from functools import lru_cache

from shared.contract.events.blank_text import FILLERS, is_blank
from shared.contract.events.empty_words import BESIDE_A_HEADING, NAME_HEADINGS
from shared.contract.events.placeholders import UNKNOWN, WAITS, says_nothing

LONGEST_NAME = 100

_IN_PLACE_OF_A_NAME = {
    *("", "n.n", "candidate", "applicant", "bewerber", "bewerberin", "kandidat", "kandidatin"),
    *("candidat", "candidato", "candidata", "postulante", "unbekannt", "inconnu", "anonymous"),
    *("anonym", "anonymized", "anonymised", "redacted", "deleted", "gelöscht"),
}
_NO_NAME = UNKNOWN | NAME_HEADINGS | _IN_PLACE_OF_A_NAME
_NO_NAME_BESIDE = BESIDE_A_HEADING | {"dear", "user", "test", "new", "mr", "mrs", "herr", "frau"}
"""What may be a name by itself."""

_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
"""Controls, marks of direction, zero-width characters and what has no meaning."""

_NEVER_IN_A_NAME = re.compile(
    r"=\?"  # begins an encoded word (RFC 2047), which some programs decode wherever it stands
    r"|[/\\@<>{}\[\]|=!?$€£%#*^~;:]"
    r"|\.[a-z]|\w{2}\.\w{2}"  # mail programs make links of these
    r"|(?i:\b(?:https?|www)\b|\bdot\s+\w)"
    rf"|\d{{3}}|(?i:^{WAITS})|\ufffd"
)
"""What makes a text an address, an offer or a command rather than a name."""
_NOTED = re.compile(
    r"\s[-–—]+$|^[-–—]+\s"
    r"|\([a-zß-ÿ][^()A-ZÄÖÜ]*\)|\((?:[A-Z]{2,}+[ .-]*+)++\)"
    r"|\b(?i:do not|don['’]?t|must not|never (?:hire|contact|again)|nicht|ne pas"
    r"|no (?:longer|contratar|contactar)|no[ -]?show|black[ -]?list\w*|schwarze liste"
    r"|withdraw[ns]?|withdrew|reject(?:ed|ion)|declined|deceased|disqualified|ineligible"
    r"|unsuitable|unreliable|banned|flagged|duplicated?|copy|archived|inactive|on hold|pending"
    r"|interview\w*|shortlisted|(?:re-?)?hired|re-?hire|resigned|terminated|dismissed|fired"
    r"|(?:ex-?|former )employee|beware|caution|warning|fraud|fake"
    r"|verstorben|abgelehnt|abgesagt|absage|gesperrt|gekündigt|zurückgezogen|ungeeignet"
    r"|unzuverlässig|dublette|doppelt|kopie|ehemalig\w*|achtung|vorsicht"
    r"|décédée?|refusée?|rejetée?|retirée?|doublon|fallecid[oa]|rechazad[oa]|retirad[oa]"
    r"|duplicad[oa]|decedut[oa]|rifiutat[oa]|ritirat[oa])\b"
)
"""What colleagues note of somebody where only a name should stand: it is theirs to read."""


_DASH = re.compile(r"\s[-–—]+\s")


@lru_cache(maxsize=4096)
def written_name(text: str) -> str:
    """Returns a name as one line of visible text; empty if it does not look like a name."""
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or (unicodedata.category(character) not in _INVISIBLE and character not in FILLERS)
    )
    line = " ".join(visible.split())
    if (
        len(line) > LONGEST_NAME
        or _NEVER_IN_A_NAME.search(_as_programs_read(line))
        or _NOTED.search(line)
        or _has_note_behind_a_dash(line)
        or is_placeholder(line)
        or says_nothing(line)
        or is_blank(line)
    ):
        return ""
    return line


def _has_note_behind_a_dash(line: str) -> bool:
    """Tells whether what stands behind a dash is no second surname, by how its last word begins.

    A surname may begin with a particle, and all surnames may stand in capitals.
    """
    before, *behind = (part.rpartition(" ")[2] for part in _DASH.split(line))
    return any(
        word[:1].islower() or (word.isupper() and len(word) > 1 and not before.isupper())
        for word in behind
    )


def _as_programs_read(line: str) -> str:
    """Returns a text with wide and small forms of letters and dots as those that they stand for."""
    return unicodedata.normalize("NFKC", line).replace("\u3002", ".")


def is_placeholder(text: str) -> bool:
    """Tells whether a text is what systems write where they know no name.

    "Null" and "Na" beside another word are names.
    """
    words = {word.strip("-_,.0123456789").lower() for word in text.replace("_", " ").split()}
    return (
        words <= _NO_NAME
        or words == {"first", "last"}
        or (words <= _NO_NAME | _NO_NAME_BESIDE and not words <= UNKNOWN | _NO_NAME_BESIDE)
    )
