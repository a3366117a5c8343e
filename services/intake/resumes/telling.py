"""What a résumé adds to what a delivery says.

A delivery counts as soon as it has come, whether or not it names a file. What was read in that is
kept with the delivery, as if the system had answered it, and told as an update of its own: so it is
told once, however often and in whichever order all is read again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.intake.resumes.outcomes import MOST_CHARACTERS, MOST_PAGES
from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.systems import RESUMES
from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from shared.contract.events.cloudevents import Unreadable

ANSWER = "resume"
"""Among the answers: no path of an API is without a slash."""


class Resume(BaseModel):
    """What came of a résumé, as it is kept."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None
    is_cut: bool = False
    problem: str | None = None
    """Why it could not be read, in words; None also where there is none."""
    profile: Mapping[str, Any] | None = None
    """What the system itself has read in it, as a JSON Resume."""

    @property
    def notes(self) -> Iterator[str]:
        """What operators read of it; nothing of anybody."""
        if self.problem:
            yield f"résumé could not be read: {self.problem}"
        if self.is_cut:
            yield f"résumé: only its first {MOST_CHARACTERS} characters on {MOST_PAGES} pages count"


def names_a_resume(system: str, delivery: Delivery, told: Told | Ignored) -> bool:
    """Tells whether there may be a file to read of somebody whom a delivery tells about."""
    files = RESUMES.get(system)
    if files is None or isinstance(told, Ignored):
        return False
    if [said.model for said in told.said] not in ([ApplicantRejected], [ApplicantUpdated]):
        return False
    try:
        return files.find(delivery, ()) is not None
    except Unreadable:
        return False


def is_unread(delivery: Delivery) -> bool:
    """Tells whether nobody has looked into the file yet that a delivery names."""
    return ANSWER not in delivery.answers


def with_resume(told: Told, delivery: Delivery) -> Told:
    """Returns what a delivery says with what was read in the file that it names.

    An update says nothing of the profile before that: the text that is known holds until then.
    """
    [said] = told.said
    first = said if said.model is ApplicantRejected else _without_profile(said)
    answer = delivery.answers.get(ANSWER)
    if answer is None:
        return replace(told, said=[first])
    resume = Resume.model_validate_json(answer)
    told = Told([first], [*told.notes, *resume.notes])
    if first is said and not (resume.text or resume.profile):
        return told
    profile = {**said.body.get("profile", {}), **_not_empty(resume.profile)}
    if resume.text:
        profile["resumeText"] = resume.text
    applicant = {"applicantId": said.body["applicant"]["applicantId"], "name": {}}
    words = "résumé read" if resume.text else "profile updated"
    body = {"applicant": applicant, "profile": profile}
    return replace(told, said=[first, Said(ApplicantUpdated, body, said.at, words=words)])


def _without_profile(said: Said) -> Said:
    body = {name: value for name, value in said.body.items() if name != "profile"}
    return replace(said, body=body)


def _not_empty(profile: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (profile or {}).items() if value}
