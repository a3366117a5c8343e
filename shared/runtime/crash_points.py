"""Named places where the order of two steps decides, so that a test can stop a process there.

`NOTYET_CRASH_AT="published before delete:3"` kills the process, as `kill -9` would, the third
time it gets there. Without the variable a seam costs one comparison.
"""

import os
import signal

_name, _, _count = os.environ.get("NOTYET_CRASH_AT", "").partition(":")
_left = int(_count or 1)


def reach(name: str) -> None:
    """Ends the process here if a test asked for it."""
    global _left  # noqa: PLW0603 - one count for the process
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
