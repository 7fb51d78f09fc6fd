"""Makes the project ready to run: environment, packages, English texts, page scripts. `make` always calls it first.

Runs on the machine's own Python with nothing installed, so it uses the standard library only and is readable by
Python 3.7, which gets one clear sentence. Every step looks first whether its inputs changed; a second run takes a
moment.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterable, Iterator, Sequence  # noqa: UP035 - must be importable by an old Python

UV = "uv==0.13.9"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (22, 12)
NEEDED_BYTES = 2 * 1024**3
PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = PROJECT / "frontend" / "dist" / ".vite"
BUILD_INPUTS = ("frontend", "package-lock.json", "vite.config.ts", "tsconfig.json")
DISK_FULL = f"The disk that holds {PROJECT} is full; free at least 2 GB there and run the same command again."


class Problem(Exception):
    """One sentence for the person at the terminal."""


def main() -> int:
    """Every step in order; the first problem ends it."""
    try:
        use_new_enough_python()
        with alone():
            make_environment()
            install_packages()
            make_importable()
            compile_translations()
            build_scripts()
    except Problem as problem:
        sys.stderr.write(f"✗ {problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; run the same command again to go on.\n")
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.stderr.write(f"✗ {DISK_FULL}\n")
        return 1
    return 0


def use_new_enough_python() -> None:
    """Go on under a newer Python if one is installed beside an old one."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - ourselves again
    found = ".".join(map(str, sys.version_info[:3]))
    raise Problem(
        f"Shian needs Python 3.11 or newer and this is {found}; install one, or: make PYTHON=/path/to/python3"
    )


def make_environment() -> None:
    """.venv with uv in it; a half-made or broken one is made again."""
    if runs([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        if (VENV / "bin" / "uv").exists():
            return
    elif VENV.exists():
        shutil.rmtree(VENV)
    if shutil.disk_usage(PROJECT).free < NEEDED_BYTES:
        raise Problem(DISK_FULL)
    with step("Python environment"):
        if runs([sys.executable, "-c", "import ensurepip, venv"]):
            run([sys.executable, "-m", "venv", VENV])
            run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", UV])
        elif runs([sys.executable, "-m", "pip", "--version"]):
            run([sys.executable, "-m", "venv", "--without-pip", VENV])
            run([sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", UV])
        else:
            raise Problem(
                "This Python has neither venv nor pip; install them (on Debian: apt-get install python3-venv)."
            )


def install_packages() -> None:
    """Exactly the locked packages, checked against their hashes; in a new environment the program's own files are
    compiled by all cores, which its first processes would each do anew."""
    lock = PROJECT / "requirements.lock"
    stamp = Stamp(VENV / "installed.json", UV + digest_of([lock]))
    if stamp.is_current():
        return
    with step("Python packages"):
        environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
        run([VENV / "bin" / "uv", "pip", "sync", "--require-hashes", lock], environment)
        run([PYTHON, "-m", "compileall", "-q", "-j", "0", "shian", "tools"])
    stamp.write()


def make_importable() -> None:
    """The package and the `shian` command, without building anything: a path entry and a small script.

    It keeps what Python compiled, as the Makefile does: without, each start takes three seconds longer.
    """
    asked = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.check_output(asked, text=True).strip())
    write_if_changed(packages / "shian-project.pth", f"{PROJECT}\n")
    script = VENV / "bin" / "shian"
    write_if_changed(script, f'#!/bin/sh\nunset PYTHONDONTWRITEBYTECODE\nexec "{PYTHON}" -P -m shian "$@"\n')
    script.chmod(0o755)


def compile_translations() -> None:
    """The binary catalogue that Django reads, when the texts changed."""
    texts = PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not texts.exists():
        return
    compiled = Stamp(VENV / "translations.json", digest_of([texts, PROJECT / "tools" / "translations.py"]))
    if compiled.is_current() and texts.with_suffix(".mo").exists():
        return
    with step("English texts"):
        run([PYTHON, "-m", "tools.translations", "compile"])
    compiled.write()


def build_scripts() -> None:
    """npm packages and the Vite build, each only when its inputs changed."""
    if not (PROJECT / "vite.config.ts").exists():
        return
    packages = digest_of([PROJECT / "package.json", PROJECT / "package-lock.json"])
    installed = Stamp(PROJECT / "node_modules" / ".installed.json", packages)
    built = Stamp(BUILD / "built.json", digest_of([PROJECT / name for name in BUILD_INPUTS], leave_out=("dist",)))
    if installed.is_current() and built.is_current() and (BUILD / "manifest.json").exists():
        return
    environment = {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not installed.is_current():
        with step("Script packages"):
            run(["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"], environment)
        installed.write()
    with step("Script build"):
        run(["npm", "run", "--silent", "build"], environment)
    built.write()


def node_folder() -> Path:
    """The folder of the machine's Node if it is new enough, else that of the locked wheel."""
    node = shutil.which("node")
    if node and shutil.which("npm", path=str(Path(node).parent)):
        asked = subprocess.run([node, "--version"], stdout=subprocess.PIPE, text=True, check=False)
        version = tuple(int(part) for part in asked.stdout.strip().lstrip("v").split(".")[:2] if part.isdigit())
        if version >= OLDEST_NODE:
            return Path(node).parent
    return VENV / "bin"


class Stamp:
    """Remembers for which inputs a step was done, beside what it made."""

    def __init__(self, path: Path, inputs: str) -> None:
        self.path = path
        self.inputs = hashlib.sha256(inputs.encode()).hexdigest()

    def is_current(self) -> bool:
        try:
            return bool(json.loads(self.path.read_text())["inputs"] == self.inputs)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps({"inputs": self.inputs}))


@contextmanager
def alone() -> Iterator[None]:
    """One bootstrap at a time in this folder; the kernel frees the lock of a killed one."""
    (PROJECT / "var").mkdir(exist_ok=True)
    with (PROJECT / "var" / "bootstrap.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def step(title: str) -> Iterator[None]:
    """Says what is being done, then how long it took."""
    began = time.monotonic()
    if sys.stderr.isatty():
        sys.stderr.write(f"… {title}\r")
        sys.stderr.flush()
    try:
        yield
    except BaseException:
        sys.stderr.write(f"✗ {title}\n")
        raise
    sys.stderr.write(f"✓ {title} {time.monotonic() - began:.1f} s\n")


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> None:
    """Run quietly; show everything it said when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=str(PROJECT), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    if "No space left on device" in done.stdout or "ENOSPC" in done.stdout:
        raise Problem(DISK_FULL)
    sys.stderr.write(done.stdout)
    raise Problem(f"`{' '.join(Path(word).name for word in words[:4])}` failed; what it said stands above.")


def runs(command: Sequence[str | Path]) -> bool:
    """Whether a command can be run and succeeds."""
    quiet = subprocess.DEVNULL
    try:
        return subprocess.run([str(word) for word in command], stdout=quiet, stderr=quiet, check=False).returncode == 0
    except OSError:
        return False


def digest_of(starts: Iterable[Path], leave_out: Sequence[str] = ()) -> str:
    """A digest over names and contents of files and folders."""
    digest = hashlib.sha256()
    for path in sorted(each for start in starts for each in files_below(start, leave_out)):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files_below(start: Path, leave_out: Sequence[str]) -> Iterator[Path]:
    if start.is_file():
        yield start
    for folder, folders, names in os.walk(str(start)):
        folders[:] = [name for name in folders if name not in leave_out]
        for name in names:
            yield Path(folder) / name


def write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
