"""Starts, adopts and stops one cluster. Any number of programs may do so at once: a file lock orders them."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shian.config import processes
from shian.config.postgres.binaries import find_binaries
from shian.config.postgres.home import Place, choose_place
from shian.config.problems import Problem, disk_full

SUPERUSER = "shian_admin"
MEGABYTES = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
# A sixteenth of the memory, within bounds: the indexes of millions of orders do not fit into the least.
SHARED_BUFFERS = min(max(MEGABYTES // 16, 256), 1024)
TUNING = {
    "shared_buffers": f"{SHARED_BUFFERS}MB", "work_mem": "32MB", "jit": "off", "max_connections": "100",
    # Millions of imported rows: fewer checkpoints, after each of which every page is logged whole; staging tables held
    # in memory.
    "max_wal_size": "4GB", "checkpoint_timeout": "15min", "wal_buffers": "64MB", "temp_buffers": "64MB",
}  # fmt: skip
# Nothing is flushed, replicated or swept: databases of tests live for minutes.
UNSAFE = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "autovacuum": "off",
}  # fmt: skip
ENOUGH_SHARED_MEMORY = 256 * 1024 * 1024
Outcome = Literal["initialised", "started", "adopted"]


@dataclass(frozen=True)
class Cluster:
    """One data folder and the server over it."""

    place: Place
    options: Mapping[str, str] = field(default_factory=lambda: dict(TUNING))

    @classmethod
    def at(cls, data: Path, *, disposable: bool = False) -> "Cluster":
        """The cluster of this data folder. A disposable one is fast and loses data in a crash: for tests only."""
        place = choose_place(data.absolute(), find_binaries())
        return cls(place, {**TUNING, **UNSAFE, "shared_buffers": "128MB"} if disposable else dict(TUNING))

    def start(self) -> Outcome:
        """Make the data folder if needed, and the server; adopt one that runs already."""
        with self._locked():
            if self.is_running():
                return "adopted"
            self._clear_remains()
            fresh = not (self.place.data / "PG_VERSION").exists()
            if fresh:
                self._initialise()
            self._launch()
            return "initialised" if fresh else "started"

    def stop(self) -> bool:
        """Stop the server and whatever a killed one left behind; whether there was anything to stop."""
        if not self.place.data.exists():
            return False
        with self._locked():
            postmaster = self.postmaster()
            if postmaster:
                processes.end([postmaster], patience=60, first=signal.SIGINT)
            remains = self._clear_remains()
            return bool(postmaster or remains)

    def is_running(self) -> bool:
        """Whether the server answers. A server that is still starting or recovering is waited for."""
        deadline = time.monotonic() + 60
        while self.postmaster():
            asked = [self.place.binaries["pg_isready"], "-q", "-h", str(self.socket_folder())]
            ready = subprocess.run(asked, check=False)
            if ready.returncode == 0:
                return True
            if time.monotonic() > deadline:
                raise Problem(f"PostgreSQL in {self.place.data} does not answer; its log is {self.place.log}.")
            time.sleep(0.1)
        return False

    def postmaster(self) -> int | None:
        """The pid of the living postmaster of this data folder; a stale or reused pid is nobody."""
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        if processes.identity(pid) is None or processes.program(pid) != "postgres":
            return None
        folder = processes.working_folder(pid)
        return pid if folder is None or folder == self.place.data.resolve() else None

    def socket_folder(self) -> Path:
        """Where the server listens: an adopted one says so itself."""
        lines = self._pid_file()
        return Path(lines[4]) if len(lines) > 4 and lines[4].startswith("/") else self.place.sockets

    def url(self, user: str, database: str) -> str:
        """The address of a database here for one role."""
        return f"postgres://{user}@/{database}?host={self.socket_folder()}"

    def conninfo(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """The same for psycopg."""
        return f"host={self.socket_folder()} user={user} dbname={database}"

    def _pid_file(self) -> list[str]:
        try:
            return (self.place.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Only one program at a time starts or stops this cluster; the kernel frees the lock of a killed one."""
        self.place.lock.parent.mkdir(parents=True, exist_ok=True)
        with self.place.lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _clear_remains(self) -> int:
        """End server processes without a postmaster; forget its pid and socket, as the pid may be reused by now."""
        orphans = processes.standing_in(self.place.data.resolve(), "postgres")
        processes.end(orphans, patience=5)
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        shutil.rmtree(self.place.sockets, ignore_errors=True)
        return len(orphans)

    def _initialise(self) -> None:
        """Into a folder of another name first, so that a killed initdb leaves nothing that looks complete."""
        place = self.place
        draft = place.data.with_name(f"{place.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(place.data, ignore_errors=True)
        self._own_folder(draft)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if place.binaries.major >= 17 else []
        self._run(
            [place.binaries["initdb"], "-D", str(draft), "-U", SUPERUSER, "-E", "UTF8", "--auth=trust"]
            + [*locale, "--lc-collate=C", "--lc-ctype=C.UTF-8", "--no-instructions"]
            + (["--no-sync"] if self.options.get("fsync") == "off" else [])
        )
        draft.rename(place.data)

    def _launch(self) -> None:
        place = self.place
        self._own_folder(place.sockets)
        place.log.touch()
        if place.account.is_other:
            os.chown(place.log, place.account.uid, place.account.gid)
        options = {**self.options, "listen_addresses": "", "unix_socket_permissions": "0700"} | self._shared_memory()
        words = " ".join([f"-k '{place.sockets}'", *(f"-c {name}='{value}'" for name, value in options.items())])
        log = ["-l", str(place.log)]
        self._run([place.binaries["pg_ctl"], "-D", str(place.data), "-w", "-t", "90", *log, "-o", words, "start"])

    def _shared_memory(self) -> dict[str, str]:
        """Containers often give /dev/shm only 64 MB, in which parallel queries fail; files do instead."""
        shared = Path("/dev/shm")  # noqa: S108 - its size is read, nothing is put there
        roomy = shared.exists() and shutil.disk_usage(shared).total >= ENOUGH_SHARED_MEMORY
        return {} if roomy or not shared.exists() else {"dynamic_shared_memory_type": "mmap"}

    def _own_folder(self, folder: Path) -> None:
        """A folder of mode 0700 that belongs to the server's account; trust authentication rests on this."""
        account = self.place.account
        folder.mkdir(mode=0o700, exist_ok=True)
        owned = folder.lstat()
        if folder.is_symlink() or owned.st_uid not in {os.geteuid(), account.uid}:
            raise Problem(f"{folder} belongs to somebody else; remove it and try again.")
        folder.chmod(0o700)
        if account.is_other:
            os.chown(folder, account.uid, account.gid)

    def _run(self, command: list[str]) -> None:
        """Run a program of PostgreSQL as the server's account, in a session that outlives us."""
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "TZ") if name in os.environ}
        with self.place.log.with_suffix(".start").open("w+") as said:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd="/",
                env={**clean, "LC_ALL": "C"}, start_new_session=True, check=False, **self.place.account.as_popen(),
            )  # fmt: skip
            said.seek(0)
            words = said.read()
        if done.returncode == 0:
            return
        tail = self.place.log.read_text(errors="replace")[-2000:] if self.place.log.exists() else ""
        if "No space left on device" in words + tail:
            raise disk_full(self.place.data.parent)
        telling = [line for line in (tail + words).splitlines() if "FATAL" in line or "error" in line]
        reason = telling[-1] if telling else words.strip()
        raise Problem(f"PostgreSQL in {self.place.data} did not start: {reason} (log: {self.place.log})")
