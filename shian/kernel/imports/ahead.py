"""The next file of a package is read while the database is busy with the one before it: two processors, two works.

A thread parses and writes lines of COPY to a file on disk; it may ask no database, which would answer as things were
before the file in hand (words that a register holds, say). Whatever it comes upon counts for nothing: the file is read
again in its turn then, which tells what is wrong.
"""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from django.db import connections
from django.utils import translation

from shian.kernel.imports.collecting import uncollected
from shian.kernel.imports.headings import Remembered
from shian.kernel.imports.loading import ReadAhead, Reading
from shian.kernel.imports.readers import open_table
from shian.kernel.imports.specs import ImportSpec

WORTH_BYTES = 1 << 20


class UnwantedError(Exception):
    """Nobody waits for the file any more, or it cannot be read without the database."""


def _refuse() -> None:
    raise UnwantedError


class Reader:
    """Reads one file at a time, the one that was asked for last."""

    def __init__(self, pool: ThreadPoolExecutor, files: ExitStack) -> None:
        self.pool, self.files, self.ended = pool, files, threading.Event()
        self.asked: tuple[Path, Future[ReadAhead]] | None = None

    def begin(self, path: Path, spec: ImportSpec, remembered: Remembered) -> None:
        """Begin with a CSV file that is large enough."""
        if path.suffix.lower() == ".csv" and path.stat().st_size >= WORTH_BYTES:
            words = (path, spec, remembered, translation.get_language())
            self.asked = path, self.pool.submit(self._read, *words)

    def taken(self, path: Path) -> ReadAhead | None:
        """What was read of this file, once it is read; None where it was not asked for, or could not be read."""
        asked, self.asked = self.asked, None
        if asked is None or asked[0] != path or asked[1].exception() is not None:
            return None
        return asked[1].result()

    def _read(self, path: Path, spec: ImportSpec, remembered: Remembered, language: str | None) -> ReadAhead:
        for own in connections.all():  # those of this thread
            own.connect = _refuse  # type: ignore[method-assign]
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        lines = self.files.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115
        with translation.override(language), open_table(path, "csv", spec, remembered) as opened, uncollected():
            reading = Reading(spec, opened)
            self.files.callback(reading.found.lines.close)
            for each in reading.blocks():
                if self.ended.is_set():
                    raise UnwantedError
                lines.write(each)
        return ReadAhead(opened, reading, lines, sha256, remembered)


@contextmanager
def reader() -> Iterator[Reader]:
    """A reader for the length of a package; what it reads at the end of the block it leaves."""
    with ExitStack() as files, ThreadPoolExecutor(1, "read-ahead") as pool:
        found = Reader(pool, files)
        try:
            yield found
        finally:
            found.ended.set()
