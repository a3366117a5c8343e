"""How operators read codes with facts: `months_worked ward nursing 24/24`, and no sentence."""

from shared.contract.events.citations import Citation
from shared.contract.events.evidence import Evidence

_ELSEWHERE = {"code", "requirement_id", "standing", "name", "months", "needed_months", "citations"}


def compact(evidence: Evidence) -> str:
    """Returns a claim in one line: code, name, months of those needed, other facts, citations."""
    facts = evidence.model_dump(mode="json", exclude=_ELSEWHERE, exclude_defaults=True)
    others = (f"{name}={_told(fact)}" for name, fact in facts.items())
    cited = map(_cited, evidence.citations)
    return one_line(evidence.code, evidence.name, _months(evidence), *others, *cited)


def one_line(*parts: str | None) -> str:
    """Returns what there is of some words, in one line."""
    return " ".join(part for part in parts if part)


def _months(evidence: Evidence) -> str | None:
    months = [evidence.months, evidence.needed_months]
    return "/".join("-" if at is None else str(at) for at in months) if any(months) else None


def _cited(citation: Citation) -> str:
    words = f"“{citation.words}”" if citation.words else None
    day = citation.until or (citation.on.isoformat() if citation.on else None)
    return f"[{one_line(citation.source, citation.title, words, day)}]"


def _told(fact: object) -> str:
    return ", ".join(map(str, fact)) if isinstance(fact, list) else str(fact)
