"""Who a process is. A pid alone names nobody: it is reused, so every pid is kept beside the moment it began."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")
MARK = "SHIAN_PROCESS"


def identity(pid: int) -> str | None:
    """Boot and start time of a living process, or None when there is none; zombies count as gone."""
    if not PROC.joinpath("self", "stat").exists():
        state, _, began = _ps(pid, "stat=,lstart=").partition(" ")
        return began.strip() or None if not state.startswith("Z") else None
    fields = _stat(pid)
    if fields is None or fields[0] in {"Z", "X"}:
        return None
    boot = PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{fields[19]}"


def is_same(pid: int, known: str) -> bool:
    """Whether the pid still belongs to the process that was known under it."""
    return identity(pid) == known


def working_folder(pid: int) -> Path | None:
    """The current folder of a process; PostgreSQL's processes stand in their data folder."""
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def program(pid: int) -> str:
    """The program's file name; empty when the process is gone or cannot be asked."""
    try:
        return (PROC / str(pid) / "exe").readlink().name.removesuffix(" (deleted)")
    except OSError:
        return Path(_ps(pid, "comm=")).name


def marked(mark: str) -> list[int]:
    """Living processes, other than this one, that were started with this mark in their environment."""
    entry = f"{MARK}={mark}".encode()
    return [pid for pid in _pids() if pid != os.getpid() and identity(pid) and entry in _environment(pid)]


def standing_in(folder: Path, name: str) -> list[int]:
    """Living processes of one program whose current folder this is."""
    return [pid for pid in _pids() if working_folder(pid) == folder and program(pid) == name and identity(pid)]


def end(pids: Iterable[int], *, patience: float = 10.0, first: signal.Signals = signal.SIGTERM) -> None:
    """Ask, wait, then kill. Each pid is pinned to its identity first, so that a reused one is left alone."""
    known = {pid: who for pid in pids if (who := identity(pid))}
    for pid in known:
        _signal(pid, first)
    deadline = time.monotonic() + patience
    while (known := {pid: who for pid, who in known.items() if is_same(pid, who)}) and time.monotonic() < deadline:
        _reap(known)
        time.sleep(0.05)
    for pid in known:
        _signal(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(is_same(pid, who) for pid, who in known.items()) and time.monotonic() < deadline:
        _reap(known)
        time.sleep(0.02)


def _reap(pids: Iterable[int]) -> None:
    """Collect those that are our own children, which would stay zombies otherwise."""
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _pids() -> Iterator[int]:
    if PROC.joinpath("self", "stat").exists():
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _ps(pid: int, columns: str) -> str:
    """The same question where there is no /proc (macOS)."""
    asked = ["ps", "-o", columns, "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat after the program's name, which may hold blanks: state is 0, start time 19."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
