"""Whom a record in quarantine may be about, as far as a broken record tells."""

import re
from itertools import chain

from services.intake.applicants.domain.identity import IdentityHash, normal_email
from shared.contract.events.cloudevents import Record

_EMAIL = re.compile(r"[^\s@<>\"'\\,;:()\[\]]+@[^\s@<>\"'\\,;:()\[\]]+")
_APPLICANT_ID = re.compile(r'"(?:into)?applicantId"\s*:\s*"([^"]*)"', re.IGNORECASE)
_SOURCE = re.compile(r'"source"\s*:\s*"([^"]*)"')


def marks(record: Record, identity: IdentityHash) -> set[bytes]:
    """Returns the hashes of everybody whom the record names, readable or not."""
    body = (record.value or b"").decode(errors="replace")
    sources = {
        *_SOURCE.findall(body),
        *(
            (value or b"").decode(errors="replace")
            for name, value in record.headers
            if name.lower() == "ce_source"
        ),
    }
    applicants = {(record.key or b"").decode(errors="replace"), *_APPLICANT_ID.findall(body)}
    emails = filter(None, map(normal_email, _EMAIL.findall(body)))
    named = [identity.applicant(source, each) for source in sources for each in applicants]
    return set(chain.from_iterable([*named, *map(identity.email, emails)]))
