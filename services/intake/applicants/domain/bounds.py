"""What a record, and a state that is published of it, may hold: no broker refuses any of them."""

from shared.contract.events.cloudevents import Unreadable

MOST_BYTES_OF_A_PROFILE = 600 * 1024

MOST_BYTES_OF_PROFILES = 640 * 1024
"""What is published at most of what several sources say somebody can do. The newest always fits."""

MOST_NEWS = 100
"""How many pieces of news of somebody are kept, and published beside their profile, at most."""

MOST_REJECTIONS = 100
MOST_BYTES_OF_REJECTIONS = 384 * 1024
"""What a state holds of somebody's rejections at most: 750 small ones, joined at one address, made
a state that no broker takes. One of the largest that the contract allows always fits."""
MOST_ABSORBED = 1000
"""How many of those who were merged into somebody a state names at most, the newest of them."""
MOST_COMPARED = 200
"""How many of somebody's refusals, whose vacancy or title several systems tell of, are compared to
find which tell one decision, the eldest of them: so what was found is not lost as others come."""


def bounded(what: str, body: str, most: int) -> str:
    """Returns the JSON as it is; raises Unreadable, which tells its size, if it is too large."""
    size = len(body.encode())
    if size > most:
        raise Unreadable("too_large", f"send less: the {what} has {size:,} bytes of {most:,}")
    return body
