"""The log of a running Shian, as an outsider meets it: over HTTP, with the script, while its worker is killed."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from shian.config.home import PROJECT
from tests.runtime.conftest import Command, eventually


def checkpoint(port: int) -> str:
    """The signed head that is served; "" before there is one (404)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/log/checkpoint", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError:
        return ""


def size(port: int) -> int:
    lines = checkpoint(port).splitlines()
    return int(lines[1]) if lines else 0


def test_a_running_system_grows_its_log_whoever_is_killed(migrated: Command, port: int, tmp_path: Path) -> None:
    shian = migrated
    assert shian("up", "--port", str(port)).returncode == 0
    assert shian("createadmin", "alice").returncode == 0
    before = eventually(lambda: size(port))

    worker = shian.pid("worker")
    assert worker
    os.kill(worker, signal.SIGKILL)
    assert shian("createadmin", "bob").returncode == 0
    eventually(lambda: size(port) > before, seconds=60)

    (key,) = shian("log-key").stdout.split()
    assert key.split("+")[0] == checkpoint(port).splitlines()[0]
    export = tmp_path / "seals.zip"
    assert shian("seal-export", str(export)).returncode == 0
    assert shian("verify", str(export), "--key", key).stdout.startswith("Verified: ")
    script = [sys.executable, "-I", str(PROJECT / "tools" / "verify_log.py"), str(export), key]
    assert subprocess.run(script, text=True, capture_output=True, check=True).stdout.startswith("Verified: ")
    assert shian("verify").stdout.startswith("Verified: ")

    refused = shian("verify", str(export))
    assert refused.returncode == 1
    assert "--key" in refused.stderr
    assert "no public key" in shian("verify", str(export), "--key", "nonsense").stderr
    assert "Nothing is sealed" in shian("seal-export", str(export), "--subject", "a.b:1").stderr
    assert len(shian("log-key", "--add").stdout.split()) == 2
