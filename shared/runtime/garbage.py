"""How often a process looks for garbage that reference counts do not find."""

import gc

_YOUNG = 100_000
"""Objects that hold others, and are newer than the last collection.

A batch of 500 applicants is some 40,000 of them, and is gone when it is committed. With Python's
own 700 each batch was looked through a hundred times: an eighth of all its time, and 80 ms at once.
"""


def collect_seldom() -> None:
    """Leaves what there is by now alone for ever, and looks for garbage among many new objects.

    A full collection over all that was imported would stop everything for 100 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
