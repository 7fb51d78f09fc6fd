"""The home folder of a running Shian: data, logs, process records and the secret key (SHIAN_HOME, default var/)."""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from shian.config.problems import Problem
from shian.config.processes import MARK

PROJECT = Path(__file__).resolve().parent.parent.parent
DEFAULT_PORT = 8600
NEEDED = 200 * 1024 * 1024


@dataclass(frozen=True)
class Home:
    """Every path below SHIAN_HOME that the runtime owns, named once."""

    folder: Path

    @classmethod
    def current(cls) -> "Home":
        return cls(Path(os.environ.get("SHIAN_HOME") or PROJECT / "var").resolve())

    @property
    def cluster(self) -> Path:
        return self.folder / "pg"

    @property
    def records(self) -> Path:
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def metrics(self) -> Path:
        return self.folder / "run" / "metrics"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def secret_key(self) -> Path:
        return self.folder / "secret_key"

    def mark(self, name: str) -> dict[str, str]:
        """What a process that is started for this home carries in its environment, so that `down` finds it."""
        return {MARK: f"{self.folder}:{name}"}

    def prepare(self) -> None:
        """Make the folders and the secret key, and refuse to begin on a disk that is nearly full."""
        for private in (self.records, self.logs, self.reports):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(0o700)
        (self.folder / "static").mkdir(exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free < NEEDED:
            raise Problem(f"Only {free // 2**20} MB are free on the disk of {self.folder}; Shian needs at least 1 GB.")
        if not self.secret_key.exists():
            self._write_secret_key()

    def _write_secret_key(self) -> None:
        """Complete before it is visible, and never written twice: several processes may start at once."""
        draft = self.secret_key.with_name(f"secret_key.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, self.secret_key)
        except FileExistsError:
            return
        finally:
            draft.unlink()


def chosen_port(asked: int | None = None) -> int:
    """The port asked for, else SHIAN_PORT, else the default."""
    if asked is not None:
        return asked
    named = os.environ.get("SHIAN_PORT", "")
    if named and not named.isdigit():
        raise Problem(f"SHIAN_PORT is {named!r}; it must be a number such as {DEFAULT_PORT}.")
    return int(named) if named else DEFAULT_PORT
