"""The file of all that is held of somebody: the same for them and for whoever answers for them."""

from pydantic_core import to_json

from services.intake.access.store import Held

NAME = "what-we-hold.json"
MEDIA_TYPE = "application/json"


def as_file(held: Held) -> bytes:
    """Returns what is held as JSON that people can read too."""
    return to_json(held, indent=2)
