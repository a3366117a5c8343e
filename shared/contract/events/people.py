"""Who somebody is, and how and for what they may be written to."""

from typing import Annotated

from pydantic import Field

from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Country, Line, Part, SourceId
from shared.contract.events.written_names import written_name


class Channel(OpenEnum):
    EMAIL = "email"
    SMS = "sms"


class ConsentPurpose(OpenEnum):
    """What a candidate can agree to be contacted for."""

    SIMILAR_OPENING = "similar_opening"
    WHEN_QUALIFIED = "when_qualified"
    NOW_AND_THEN = "now_and_then"


class Consent(Part):
    """A live agreement to be contacted for one purpose over one channel."""

    purpose: ConsentPurpose
    channel: Channel
    since: Moment
    until: Moment


class PersonName(Part):
    """A name as its owner writes it; systems that know only one string give `full_name`."""

    given_name: Line | None = None
    family_name: Line | None = None
    full_name: Line | None = None

    @property
    def display(self) -> str:
        """The whole name; empty where it is nothing that can be written to somebody."""
        parts = (self.given_name, self.family_name)
        return written_name(self.full_name or " ".join(part for part in parts if part))

    @property
    def salutation(self) -> str:
        """The name a friendly letter begins with; empty where there is none."""
        return written_name(self.given_name or "") or self.display


class Applicant(Part):
    """A person as an upstream system knows them."""

    applicant_id: SourceId
    name: PersonName
    emails: Annotated[list[Line], Field(max_length=10)] = []
    phone: Line | None = None
    locale: Line | None = None
    """BCP 47, such as `de-AT`."""
    time_zone: Line | None = None
    """IANA name, such as `Europe/Vienna`."""
    country: Country | None = None
    """ISO 3166-1 alpha-2."""
    refuses_email: bool = False
    """True where they are to get no email about what this source tells: then none is sent of it,
    and none at all where no other source knows them, until they ask for it themselves, or are
    turned down with false here. What is left out takes nothing back."""
    refuses_sms: bool = False
    """The same of text messages; whoever is to hear nothing at all refuses both."""
    agreed: Annotated[list[Consent], Field(max_length=10)] = []
    """What they agreed to in the system that tells of them. It counts for email, until they say
    something themselves; text messages are not sent on another's word."""

    @property
    def refusals(self) -> dict[Channel, bool]:
        """Tells of the channels of which anything is said whether they refuse them."""
        said = {Channel.EMAIL: "refuses_email", Channel.SMS: "refuses_sms"}
        return {
            channel: getattr(self, field)
            for channel, field in said.items()
            if field in self.model_fields_set
        }


class RecruiterContact(Part):
    """A recruiter of a vacancy, with the work address that notices go to."""

    name: Line
    email: Line
    locale: Line | None = None
    time_zone: Line | None = None
    mobile: Line | None = None
    """With its country, such as +49 1512 3456789. Whoever gives it hears by text message, and not
    by e-mail, that somebody would like to talk."""
