"""Whom a record in quarantine may be about, as far as a broken record tells."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice

from services.intake.applicants.domain.identity import IdentityHash, normal_email
from shared.contract.events.decoding import Record
from shared.runtime.marks import Marker, Marks, addresses_in, texts_of

MOST_SOURCES = 20

_APPLICANT_ID = re.compile(r'"(?:into)?applicantId"\s{0,20}:\s{0,20}"([^"]{1,300})"', re.IGNORECASE)
_SOURCE = re.compile(r'"source"\s{0,20}:\s{0,20}"([^"]{1,300})"')


def marks(record: Record, identity: IdentityHash, marker: Marker) -> Marks:
    """Returns the hashes of everybody whom the record names, readable or not."""
    found = marker.of_record(record)
    return replace(found, identities=found.identities.union(_identities(record, identity)))


def _identities(record: Record, identity: IdentityHash) -> Iterable[bytes]:
    sources = {_text(value): None for name, value in record.headers if name.lower() == "ce_source"}
    applicants, emails = {_text(record.key)} if record.key else set(), set()
    for text in texts_of(record):
        sources |= dict.fromkeys(_SOURCE.findall(text))
        applicants |= set(_APPLICANT_ID.findall(text))
        emails |= set(filter(None, map(normal_email, set(addresses_in(text)))))
    # An id that no source is named with still tells that the record is about somebody.
    sources = sources or {"": None}
    named = (
        identity.applicant(source, each)
        for source in islice(sources, MOST_SOURCES)
        for each in applicants
    )
    return chain.from_iterable([*named, *map(identity.email, emails)])


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="replace")
