"""What becomes of a delivery."""

from enum import StrEnum


class State(StrEnum):
    ASKING = "asking"
    """Kept, and its system is to be asked what it is about."""
    WAITING = "waiting"
    """Kept, and to be read within seconds."""
    TRIED = "tried"
    """Read, and not recorded, as its source has not been started."""
    RECORDED = "recorded"
    IGNORED = "ignored"
    """It says nothing to us, or nothing that may count."""
    UNTRANSLATABLE = "untranslatable"
    """It cannot be read yet: it waits for a version, or an operator, who can."""
