"""What a text leaves out or denies: "except special education", "no experience in sales"."""

import re

_LEFT_OUT = re.compile(
    r"""[,;(]?\s?\b
    (?:except(?:\s+for)?|excluding|excludes?|other\s+than|not\s+including
      |außer|ausgenommen|ohne|sauf|hormis|à\s+l['’]exception|excepto|salvo)
    \b[^.;)\n]*\)?""",
    re.IGNORECASE | re.VERBOSE,
)
_DENIED = re.compile(
    r"""\b
    (?:except(?:\s+for)?|excluding|other\s+than|without|no|not(?!\s+only|\s+just)|never|nor
      |lack(?:s|ed|ing)?|instead\s+of|rather\s+than
      |außer|ohne|keine?[mnrs]?|nicht(?!\s+nur)|weder|sauf|hormis|sans|aucune?|pas|jamais
      |excepto|salvo|sin|ning[uú]n[ao]?|nunca)
    \b\W*(?:\w+\W+){0,3}$""",
    re.IGNORECASE | re.VERBOSE,
)
_ANOTHER_PERSONS = re.compile(
    r"""\b
    (?:report(?:s|ed|ing)?|assist(?:s|ed|ing)?|support(?:s|ed|ing)?|advis(?:es?|ed|ing)|help(?:s|ed|ing)?
      |communicat\w+|contact|interact\w*|liais\w+|work(?:s|ed|ing)?\s+(?:closely\s+)?(?:with|under|for)
      |(?:on\s+)?behalf\s+of|direction\s+of|supervision\s+of)
    \b\W*(?:\w+\W+){0,8}$""",
    re.IGNORECASE | re.VERBOSE,
)
_ASSISTANT = re.compile(r"\b(?:assistants?|assisting|aide?|deputy|vice|junior)\W*$", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r"[,.;:|\n•!?]")
_LOOKED_BACK = 100
"""As many characters before a word tell whether it is denied."""


def without_exclusions(text: str) -> str:
    """Returns a text without what it names only to leave it out.

    A text that is nothing else is returned as it is.
    """
    return _LEFT_OUT.sub("", text).strip() or text


def is_denied(text: str, at: int) -> bool:
    """Tells whether what stands at a place is named to say that it is not there."""
    return bool(_DENIED.search(_clause_before(text, at)))


def is_another_persons(text: str, at: int) -> bool:
    """Tells whether the role that stands at a place is somebody's whom they worked with."""
    return bool(_ANOTHER_PERSONS.search(_clause_before(text, at)))


def is_assistant(text: str, at: int) -> bool:
    """Tells whether the role that stands at a place is only assisted in."""
    return bool(_ASSISTANT.search(_clause_before(text, at)))


def _clause_before(text: str, at: int) -> str:
    return _CLAUSE_ENDS.split(text[max(0, at - _LOOKED_BACK) : at])[-1]
