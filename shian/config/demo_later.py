"""The heavy rest of the demo: its files join the line of imports once people can look around; the worker takes them.

A process of its own makes them (tools.democity --later). How far they are stands on the page of imports; quarters
whose visits came in are then closed by the ordinary verb.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from shian.config import verbs
from shian.config.home import PROJECT, Home
from shian.config.problems import Problem
from shian.config.steps import Steps
from shian.config.worker import BEHIND

STEP = "later"


def queue(home: Home, asked: list[str], area: str, steps: Steps) -> None:
    """Make the files and put them into the line; nothing where that is done. `asked`: what tools.democity is told."""
    if verbs.remembered(STEP):
        return
    with steps.step("Files for the worker") as step:
        folder = _made(home, asked)
        step.say(_queued(folder, area))


def _made(home: Home, asked: list[str]) -> Path:
    folder = home.folder / "democity-later"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "tools.democity", *asked, "--later", "--out", str(folder)]
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **home.mark("command")}, capture_output=True, text=True, check=False,
        preexec_fn=lambda: os.nice(BEHIND),
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise Problem("The files for the worker could not be made; what was said stands above.")
    return folder


def _queued(folder: Path, area: str) -> str:
    from django.db import transaction

    from shian.domains.duties.tasks import close_visited
    from shian.kernel.imports.actions import queue_package
    from shian.kernel.imports.actions.queueing import LINE
    from shian.kernel.jobs.queue import defer
    from shian.kernel.scope.rules import key_of_code

    with transaction.atomic():
        has_files = any(folder.glob("*.csv"))  # a small place has nothing heavy
        batches = queue_package(folder=folder, area=area, by="demo", at=verbs.now()) if has_files else []
        defer(close_visited.name, line=LINE, city=key_of_code(area))
        verbs.remember(STEP, {"files": len(batches)})
    rows = sum(each.expected_rows or 0 for each in batches)
    return f"{len(batches)} files, {rows:,} rows; see the page of imports"
