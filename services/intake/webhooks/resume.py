"""What somebody did and learnt, as a JSON Resume, whatever a system calls it."""

from collections.abc import Sequence
from typing import Any


def job(
    company: str | None,
    title: str | None,
    start: str | None,
    end: str | None,
    summary: str | None = None,
) -> dict[str, Any]:
    """Returns one job of theirs; one without an end goes on."""
    return {
        "name": company,
        "position": title,
        "summary": summary,
        "startDate": start,
        "endDate": end,
    }


def studies(
    school: str | None, degree: str | None, area: str | None, start: str | None, end: str | None
) -> dict[str, Any]:
    """Returns what they learnt in one place."""
    return {
        "institution": school,
        "studyType": degree,
        "area": area,
        "startDate": start,
        "endDate": end,
    }


def resume(work: Sequence[dict[str, Any]], education: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns all of it."""
    return {"work": work, "education": education}
