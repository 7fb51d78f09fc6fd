"""The database of this home: the operator's server when DATABASE_URL names one, else the embedded one.

Commands that only read or import start the embedded server when it rests and let it rest again afterwards; `shian up`
keeps it running.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shian.config import postgres
from shian.config.home import PROJECT, Home
from shian.config.postgres import Cluster, roles
from shian.config.problems import Problem, disk_full

EMBEDDED = "SHIAN_DATABASE_EMBEDDED"  # set beside a DATABASE_URL of our own, which is not the operator's


@dataclass(frozen=True)
class Database:
    """The addresses for both roles; `cluster` is the embedded server, None for the operator's own."""

    web_url: str
    owner_url: str
    cluster: Cluster | None

    def environment(self) -> dict[str, str]:
        """What a web or worker process is told."""
        told = {"DATABASE_URL": self.web_url, "DJANGO_SETTINGS_MODULE": "shian.config.settings"}
        return {**told, EMBEDDED: "1"} if self.cluster else told

    def owner_environment(self) -> dict[str, str]:
        """What a command that changes the schema is told."""
        return {**self.environment(), "SHIAN_OWNER_DATABASE_URL": self.owner_url, "SHIAN_DB_ROLE": "owner"}

    def start(self) -> str:
        """Bring the server up with its roles and database; says in a word what was done."""
        if self.cluster is None:
            postgres.check_server(postgres.server_url(self.web_url))
            return "operator's server"
        outcome = self.cluster.start()
        postgres.ensure_roles(self.cluster.conninfo())
        return outcome

    def migrated_state(self) -> str:
        """Which schema the database holds; empty when it was never migrated."""
        return postgres.migrated_state(postgres.server_url(self.owner_url))

    def recreate(self) -> None:
        """Throw the embedded database away and make an empty one; the operator's is never touched."""
        if self.cluster is None:
            raise Problem("The server of DATABASE_URL is yours; empty that database yourself, then run this again.")
        postgres.drop_database(self.cluster.conninfo())
        postgres.ensure_roles(self.cluster.conninfo())

    def analyze(self) -> None:
        """Fresh statistics and visibility after much was imported, so that counts need the index only."""
        postgres.analyze(postgres.server_url(self.owner_url))

    def migrate(self, say: Callable[[str], None] | None = None) -> bool:
        """Apply what is missing and give the web role its work; False when the database is up to date."""
        state, owner = schema_state(), postgres.server_url(self.owner_url)
        if self.migrated_state() == state:
            return False
        command = [sys.executable, "-u", "-W", "ignore", "-m", "shian.config.migrating"]
        _follow(command, {**self.owner_environment(), **Home.current().mark("command")}, say or _hear_nothing)
        web = roles.WEB if self.cluster else postgres.role_of(self.web_url)
        postgres.grant_web_role(owner, web)
        postgres.mark_migrated(owner, state)
        return True


def find_database(home: Home) -> Database:
    """The operator's server if DATABASE_URL names one, else the embedded one of this home (not started yet)."""
    named = os.environ.get("DATABASE_URL")
    if named and os.environ.get(EMBEDDED) != "1":
        return Database(named, os.environ.get("SHIAN_OWNER_DATABASE_URL") or named, None)
    cluster = Cluster.at(home.cluster)
    return Database(cluster.url(roles.WEB, roles.DATABASE), cluster.url(roles.OWNER, roles.DATABASE), cluster)


@contextmanager
def in_use(
    home: Home, *, stays: Callable[[], bool], report: Callable[[Database, str], None] | None = None
) -> Iterator[Database]:
    """The database for the length of one command. The last command out stops a server that no `up` asked for."""
    home.prepare()
    database = find_database(home)
    users, on_demand = home.records / "users.lock", home.records / "on_demand"
    with users.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if database.cluster and not database.cluster.postmaster():
            on_demand.touch()
        outcome = database.start()
        if report:
            report(database, outcome)
        try:
            yield database
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
            if database.cluster and on_demand.exists() and not stays() and _is_alone(handle.fileno()):
                database.cluster.stop()
                on_demand.unlink(missing_ok=True)


def keep_running(home: Home) -> None:
    """Called by `up`: from now on commands that end leave the server alone."""
    (home.records / "on_demand").unlink(missing_ok=True)


def schema_state() -> str:
    """A digest of everything that decides the schema: our migrations, the installed apps, the locked packages."""
    digest = hashlib.sha256()
    named = [PROJECT / "requirements.lock", PROJECT / "shian" / "config" / "settings.py"]
    for path in [*named, *sorted((PROJECT / "shian").glob("**/migrations/*.py"))]:
        digest.update(str(path.relative_to(PROJECT)).encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:32]


def _is_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _follow(command: list[str], environment: dict[str, str], say: Callable[[str], None]) -> None:
    """Run a command of Django's, reporting each line; its last line becomes the sentence when it fails."""
    running = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **environment}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines = []
    with running:
        for line in running.stdout or ():
            lines.append(line.rstrip())
            say(lines[-1].strip())
    if running.returncode == 0:
        return
    if any("No space left on device" in line for line in lines):
        raise disk_full(Path(environment.get("SHIAN_HOME", PROJECT)))
    raise Problem("The database could not be migrated: " + next((each for each in reversed(lines) if each), "?"))


def _hear_nothing(line: str) -> None:
    """For callers without a screen."""
