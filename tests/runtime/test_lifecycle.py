"""Up and down: real processes behind the real command line. What happens between: test_running.py."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from shian.config import processes
from shian.config.home import PROJECT, Home
from shian.config.supervisor import Service, everything_of
from tests.runtime.conftest import Command


def served(port: int) -> int:
    """The status of the sign-in page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/account/login/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def remains(home: Home) -> list[int]:
    """Every process of this home that still lives."""
    ours = [pid for service in everything_of(home) for pid in processes.marked(service.mark)]
    return ours + processes.standing_in(home.cluster, "postgres")


def test_taken_port_is_told_in_one_sentence(shian: Command) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        refused = shian("up", "--port", str(port))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"✗ Port {port} is used by another program;")
    assert refused.stderr.count("\n") == 1
    assert remains(shian.home) == []


def test_impossible_port_is_told_in_one_sentence(shian: Command) -> None:
    refused = shian("up", "--port", "80000")

    assert refused.returncode == 1
    assert refused.stderr == "✗ 80000 is not the number of a port; choose one between 1024 and 65535.\n"


def test_record_with_a_reused_pid_never_harms_its_new_owner(shian: Command) -> None:
    shian.home.prepare()
    service = Service("web", shian.home)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        record = {"pid": stranger.pid, "identity": "another boot:1", "port": 1}
        service.record_path.write_text(json.dumps(record))

        assert service.pid() is None
        assert shian("down").stdout == "Nothing was running.\n"

        assert stranger.poll() is None
        stranger.kill()


def test_foreground_run_goes_down_with_ctrl_c(migrated: Command, port: int) -> None:
    shian = migrated
    with subprocess.Popen(
        [sys.executable, "-m", "shian", "up", "--foreground", "--port", str(port)], cwd=PROJECT,
        env=shian.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout
        assert str(port) in running.stdout.readline()

        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]

    assert said.endswith("Stopping …\n")
    assert remains(shian.home) == []
    assert shian("status").returncode == 3
    assert shian("down").stdout == "Nothing was running.\n"


def test_a_command_starts_the_resting_database_and_lets_it_rest_again(shian: Command) -> None:
    answer = shian("createadmin", "alice", "--json")
    assert answer.returncode == 1
    assert answer.stderr == "✗ The database is not set up yet; run `shian up` or `make demo` first.\n"

    assert remains(shian.home) == []


def test_status_of_an_empty_home_is_json_and_starts_nothing(shian: Command) -> None:
    state = json.loads(shian("status", "--json").stdout)

    assert state["running"] is False
    assert state["database"]["pid"] is None
    assert not (shian.home.folder / "pg").exists()


def test_secret_key_is_made_once_and_private(shian: Command) -> None:
    shian.home.prepare()
    key = shian.home.secret_key.read_text()
    shian.home.prepare()

    assert shian.home.secret_key.read_text() == key
    assert len(key) > 40
    assert shian.home.secret_key.stat().st_mode & 0o777 == 0o600


def test_unreachable_server_of_the_operator_is_told_in_one_sentence(shian: Command) -> None:
    refused = shian("up", DATABASE_URL="postgres://shian_web@127.0.0.1:9/shian")

    assert refused.returncode == 1
    assert "The PostgreSQL server of DATABASE_URL cannot be reached" in refused.stderr
    assert "Traceback" not in refused.stderr
