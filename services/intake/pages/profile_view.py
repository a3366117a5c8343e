"""What a recruiter's page shows of a profile that has more than a text."""

from collections.abc import Mapping, Sequence

from shared.contract.events.profile import Profile, Work


def profile_sections(profile: Profile) -> Mapping[str, Sequence[str]]:
    """Returns the lines of each section that is not empty; of studies no dates: they tell ages."""
    sections = {
        "work": [_line(job.position, job.name, _span(job)) for job in profile.work],
        "education": [
            _line(study.study_type, study.area, study.institution) for study in profile.education
        ],
        "skills": [_line(*(skill.name for skill in profile.skills))],
        "certificates": [_line(one.name, one.issuer, one.date) for one in profile.certificates],
        "languages": [_line(one.language, one.fluency) for one in profile.languages],
    }
    filled = {name: [line for line in lines if line] for name, lines in sections.items()}
    return {name: lines for name, lines in filled.items() if lines}


def _span(job: Work) -> str:
    return " \N{EN DASH} ".join(day for day in (job.start_date, job.end_date) if day)


def _line(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
