"""Processes that begin with the program loaded, forked from one that has loaded it: a start of Python and the loading
take a second of a processor, a fork some milliseconds.

For tests of what processes do, and of what a kill leaves of it. Each is one of its own as any other is, with its own
connections; how a process starts is shown by the tests that start `shian` (conftest.py).
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import IO, Any

from shian.config.home import PROJECT

LARGEST = 65536  # bytes of a request: the code and its words


class Child:
    """One process of the nursery; it leads a session, so that whatever it starts can be killed with it."""

    def __init__(self, told: IO[str]) -> None:
        self._told = told
        self.pid = int(told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status once it has ended: negative for the signal that ended it."""
        return self.wait() if self.returncode is not None or select.select([self._told], [], [], 0)[0] else None

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def kill(self) -> None:
        """kill -9, and wait."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ended by itself just now
                os.killpg(self.pid, signal.SIGKILL)
        self.wait()


class Nursery:
    """Starts children that run a piece of code, in the environment in which the program was loaded."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def start(self, code: str, *words: object, stdout: int | None = None, stderr: int | None = None) -> Child:
        """`code` as `python -c` runs it, with these words; what it prints goes to these files, else to the test's."""
        told, tells = os.pipe()
        request = json.dumps([code, *map(str, words)]).encode()
        assert len(request) <= LARGEST
        files = [sys.__stdout__.fileno() if stdout is None else stdout]  # type: ignore[union-attr]
        files += [sys.__stderr__.fileno() if stderr is None else stderr, tells]  # type: ignore[union-attr]
        socket.send_fds(self._control, [request], files)
        os.close(tells)
        return Child(os.fdopen(told, encoding="ascii"))

    def ran(self, code: str, *words: object) -> str:
        """What the code printed when it has ended well."""
        said, says = os.pipe()
        child = self.start(code, *words, stdout=says)
        os.close(says)
        with os.fdopen(said, encoding="utf-8") as printed:
            text = printed.read()
        assert child.wait() == 0, text
        return text

    def shian(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command line, as `Command` runs it."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            status = self.start(COMMAND, *words, stdout=out.fileno(), stderr=errors.fileno()).wait()
            for each in (out, errors):
                each.seek(0)
            return subprocess.CompletedProcess(words, status, out.read(), errors.read())


COMMAND = "from shian.config.cli import app; app(prog_name='shian')"
WEB = """
import sys
from shian.config.web import serve
serve("--workers", "1", "--port", sys.argv[1], application=sys.argv[2])
"""


def start_web(loaded: Nursery, port: int, application: str) -> Child:
    """The web server with one worker, its words thrown away."""
    with open(os.devnull, "w") as nowhere:
        return loaded.start(WEB, port, application, stdout=nowhere.fileno(), stderr=nowhere.fileno())


@contextmanager
def nursery(environment: Mapping[str, str], *modules: str) -> Iterator[Nursery]:
    """One that has loaded the program in this environment, and these modules of it besides; its database need not run
    yet."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.runtime.nursery", str(far.fileno()), *modules]
    with near, subprocess.Popen(command, cwd=PROJECT, env=dict(environment), pass_fds=[far.fileno()]) as running:
        far.close()
        try:
            yield Nursery(near)
        finally:
            near.close()
            running.wait()


def serve(control: socket.socket, modules: list[str]) -> None:
    """Until the test closes its end."""
    import django

    from shian.config.loading import undisturbed

    with undisturbed():
        django.setup()
        for name in modules:
            import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, _flags, _address = socket.recv_fds(control, LARGEST, 3)
        if not request:
            return
        if not os.fork():
            control.close()
            _mind(*json.loads(request), files=files)
        for each in files:
            os.close(each)


def _mind(code: str, *words: str, files: list[int]) -> None:
    """Give birth to the child, and tell its pid and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    stdout, stderr, tells = files
    number = os.fork()
    if not number:
        os.close(tells)
        os.setsid()
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        _live(code, words)
    os.close(stdout)
    os.close(stderr)
    os.write(tells, f"{number}\n".encode())
    os.write(tells, f"{os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])}\n".encode())
    os._exit(0)


def _live(code: str, words: tuple[str, ...]) -> None:
    """As `python -c` would, from where the program is loaded."""
    sys.argv = ["-c", *words]
    status: Any = 0
    try:
        exec(compile(code, "<nursery>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        status = ended.code
    except BaseException:  # noqa: BLE001 (told, as Python does)
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1 if status else 0)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
