"""What the person at the terminal is told when something cannot be done: one clear sentence, never a traceback."""

import errno
from pathlib import Path


class Problem(Exception):
    """One sentence that says what is wrong and what to do about it."""


DISK_FULL_STATES = {"53100"}  # SQLSTATE disk_full


def disk_full(where: Path | str) -> Problem:
    return Problem(f"The disk that holds {where} is full; free at least 1 GB there and run the same command again.")


def is_disk_full(error: BaseException) -> bool:
    """Whether a full disk is anywhere in the chain of causes."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        if getattr(seen, "sqlstate", None) in DISK_FULL_STATES or "No space left on device" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def is_refusal(error: BaseException) -> bool:
    """Whether the program said no in words of its own, as opposed to a mistake in it."""
    return type(error) in {LookupError, ValueError} or type(error).__module__.startswith("shian.")
