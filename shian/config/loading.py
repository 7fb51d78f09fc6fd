"""How a process loads the program: without the garbage collector, which has nothing to find then."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is loaded inside stays for as long as the process: the collector never looks at it, then or later.

    Loading makes a hundred and fifty thousand objects; looking through them takes a sixth of its time, and again some
    hundredths of a second whenever a page sets off a full collection.
    """
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if is_enabled:
            gc.enable()
