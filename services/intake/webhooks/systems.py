"""Every kind of system that can call us, by the name that operators give it."""

from collections.abc import Mapping
from typing import Any

from services.intake.webhooks.adapter import Adapter
from services.intake.webhooks.ashby.hooks import Ashby
from services.intake.webhooks.ashby.notes import AshbyNotes
from services.intake.webhooks.ashby.resumes import AshbyResumes
from services.intake.webhooks.greenhouse.hooks import Greenhouse
from services.intake.webhooks.greenhouse.notes import GreenhouseNotes
from services.intake.webhooks.greenhouse.resumes import GreenhouseResumes
from services.intake.webhooks.hints import Api, Listing
from services.intake.webhooks.lever.api import LeverApi
from services.intake.webhooks.lever.hooks import Lever
from services.intake.webhooks.lever.notes import LeverNotes
from services.intake.webhooks.lever.postings import LeverPostings
from services.intake.webhooks.lever.resumes import LeverResumes
from services.intake.webhooks.notes import Notes
from services.intake.webhooks.recruitee.hooks import Recruitee
from services.intake.webhooks.resume_files import ResumeFiles
from services.intake.webhooks.smartrecruiters.api import SmartRecruitersApi
from services.intake.webhooks.smartrecruiters.hooks import SmartRecruiters
from services.intake.webhooks.smartrecruiters.resumes import SmartRecruitersResumes
from services.intake.webhooks.standard_webhooks import StandardWebhooks
from services.intake.webhooks.teamtailor.api import TeamtailorApi
from services.intake.webhooks.teamtailor.hooks import Teamtailor
from services.intake.webhooks.teamtailor.resumes import TeamtailorResumes
from services.intake.webhooks.workable.api import WorkableApi
from services.intake.webhooks.workable.hooks import Workable
from services.intake.webhooks.workable.jobs import WorkableJobs
from services.intake.webhooks.workable.resumes import WorkableResumes

SYSTEMS: Mapping[str, Adapter[Any]] = {
    "ashby": Ashby(),
    "generic": StandardWebhooks(),
    "greenhouse": Greenhouse(),
    "lever": Lever(),
    "recruitee": Recruitee(),
    "smartrecruiters": SmartRecruiters(),
    "teamtailor": Teamtailor(),
    "workable": Workable(),
}

APIS: Mapping[str, Api] = {
    "lever": LeverApi(),
    "smartrecruiters": SmartRecruitersApi(),
    "teamtailor": TeamtailorApi(),
    "workable": WorkableApi(),
}
"""Of those that are asked what their calls are about, or what they do not call about."""

LISTINGS: Mapping[str, Listing] = {
    "lever": LeverPostings(),
    "workable": WorkableJobs(),
}
"""Of those that do not call about all that they tell."""

NOTES: Mapping[str, Notes] = {
    "ashby": AshbyNotes(),
    "greenhouse": GreenhouseNotes(),
    "lever": LeverNotes(),
}
"""Of those in which notes can be written."""

RESUMES: Mapping[str, ResumeFiles] = {
    "ashby": AshbyResumes(),
    "greenhouse": GreenhouseResumes(),
    "lever": LeverResumes(),
    "smartrecruiters": SmartRecruitersResumes(),
    "teamtailor": TeamtailorResumes(),
    "workable": WorkableResumes(),
}
"""Of those whose files of résumés are read."""
