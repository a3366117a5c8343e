"""What a recruiter's page shows of what somebody wrote of themselves."""

import re
from collections.abc import Mapping, Sequence

from services.intake.pages.held_wording import HeldWording
from services.intake.pages.wording import Texts
from services.intake.privacy.domain.scrubbing import NAME, NUMBER
from shared.contract.events.profile import Profile

_LEFT_OUT = re.compile("|".join(map(re.escape, (NAME, NUMBER))))


def resume_shown(text: str) -> str:
    """Returns the text of a résumé with a dash for each name or number that was taken out."""
    return _LEFT_OUT.sub("\N{EM DASH}", text)


def profile_sections(profile: Profile, texts: Texts) -> Mapping[str, Sequence[str]]:
    """Returns the lines of each section that is not empty; of studies no dates: they tell ages."""
    held = HeldWording(texts)
    jobs = [(job, held.span(job.model_dump(by_alias=True))) for job in profile.work]
    sections = {
        "work": [_line(job.position, job.name, span) for job, span in jobs],
        "education": [
            _line(study.study_type, study.area, study.institution) for study in profile.education
        ],
        "skills": [_line(*(skill.name for skill in profile.skills))],
        "certificates": [
            _line(one.name, one.issuer, one.date and held.when(one.date))
            for one in profile.certificates
        ],
        "languages": [_line(one.language, one.fluency) for one in profile.languages],
    }
    filled = {name: [line for line in lines if line] for name, lines in sections.items()}
    return {name: lines for name, lines in filled.items() if lines}


def _line(*parts: str | None) -> str:
    return resume_shown(", ".join(part for part in parts if part))
