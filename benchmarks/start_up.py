"""Nothing to a served demo city, and a warm start: whole commands in a home of their own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Line
from shian.config.home import PROJECT

FIRST, SECOND, WARM = 180.0, 15.0, 10.0


def measure() -> list[Line]:
    home = Path(tempfile.mkdtemp(prefix="shian-bench-"))
    home.chmod(0o755)
    port = str(_free_port())
    try:
        first = _seconds(home, "demo", "--port", port)
        second = _seconds(home, "demo", "--port", port)
        _seconds(home, "down")
        warm = _seconds(home, "up", "--port", port)
    finally:
        _seconds(home, "down")
        shutil.rmtree(home, ignore_errors=True)
    return [
        Line("nothing to a served demo city, environment there", first, "s", f"≤ {FIRST:g} s", first <= FIRST),
        Line("the same command again", second, "s", f"≤ {SECOND:g} s", second <= SECOND),
        Line("warm start of database, web and worker", warm, "s", f"≤ {WARM:g} s", warm <= WARM),
    ]


def _seconds(home: Path, *words: str) -> float:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SHIAN_", "DATABASE"))}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "shian", *words],
        cwd=PROJECT,
        env={**environment, "SHIAN_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
