"""How each refusal is described: when it comes, and what it says."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.intake.web.problems import MEDIA_TYPE, document
from shared.contract.events.details import Fault


class Refusal(NamedTuple):
    meaning: str
    detail: str
    """An example of what it says to do."""
    faults: Sequence[Fault] = ()


REFUSALS: Mapping[int, Refusal] = {
    400: Refusal("The body is not JSON", "send valid JSON"),
    401: Refusal(
        "The API key is missing or not valid",
        "this API key is not valid; ask for a new one",
    ),
    403: Refusal(
        "The API key lacks the scope",
        "use an API key with the scope vacancies; this one has: rejections",
    ),
    404: Refusal(
        "The source of the API key has told of nobody under this id, or they were erased",
        "use the id under which this source has turned somebody down; it knows nobody under this",
    ),
    409: Refusal(
        "The Idempotency-Key came with another request before, or the id with another event; or "
        "the applicant was erased, and it was decided before that; or the source knows "
        "somebody else by this applicantId: nothing was recorded",
        "use a new Idempotency-Key for each request; this one sent another body",
    ),
    413: Refusal("The body is too large", "send a smaller body, of at most 512 KiB"),
    415: Refusal(
        "The Content-Type is not one of those described, or the body has a Content-Encoding",
        "send the header Content-Type: application/json",
    ),
    422: Refusal(
        "Some fields are wrong; nothing was recorded",
        "correct the fields named in errors and send it again; nothing was recorded",
        [Fault("reason.code", "Input should be one of 'other_candidate_stronger', …")],
    ),
    429: Refusal(
        "Too many requests came with this key, for this source or from this address, or too many "
        "wrong keys; nothing was recorded, and Retry-After says when to send the same again",
        "nothing was recorded: send the same again in 2 seconds, and at most 6,000 requests a "
        "minute with this API key",
    ),
    500: Refusal(
        "It failed here, for nothing that is wrong with it; nothing was recorded",
        "send the same request again; if it fails again, tell the operators when it was",
    ),
    503: Refusal(
        "Nothing can be recorded at the moment; Retry-After says when to come again",
        "send the same request again in 5 seconds; it counts only once",
    ),
}
UNSIGNED = Refusal(
    "The signature is missing or not that of the source, or there is no such source",
    "sign the request with the secret of this source, as its system does; to the operators "
    "`notyet sources check` tells why it was not believed",
)
_WAITING = (429, 503)
_RETRY_AFTER = {
    "Retry-After": {
        "description": "In seconds.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the descriptions of these refusals, as FastAPI takes them."""
    return {status: described(status, REFUSALS[status]) for status in statuses}


def described(status: int, refusal: Refusal) -> dict[str, Any]:
    """Returns the description of one refusal."""
    shown = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "example": document(status, refusal.detail, refusal.faults),
    }
    said = {"description": refusal.meaning, "content": {MEDIA_TYPE: shown}}
    return {**said, "headers": _RETRY_AFTER} if status in _WAITING else said
