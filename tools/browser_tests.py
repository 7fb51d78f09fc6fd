"""Runs tests/browser in processes of their own (an event loop must not meet other tests), if there is a Chromium.

Three at once, since journeys leave half of two cores idle while they wait; each with a browser and a served clone of
the same city. A file's tests stay together, in their order, but for the two long ways over all pages, which run beside
each other (tests/browser/conftest.py names the groups).

Without one it says so loudly and succeeds, unless SHIAN_REQUIRE_BROWSER=1, as in CI.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# The build without windows first: in the other, each new window draws tab strip and buttons in a process of its own,
# half a second of processor a test.
WINDOWLESS = "chromium-headless-shell"
NAMES = (WINDOWLESS, "chromium", "chromium-browser", "google-chrome")
AT_ONCE = ("-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder")
NO_TESTS = 5  # pytest's exit status when nothing was collected


def chromium(*, is_killed: bool = False) -> str | None:
    """The browser: SHIAN_CHROMIUM, else what the machine has; one that is killed and comes back is the whole one, which
    alone keeps its sessions on disk."""
    named = os.environ.get("SHIAN_CHROMIUM")
    names = sorted(NAMES, key=lambda name: is_killed and name == WINDOWLESS)
    return named or next((found for name in names if (found := shutil.which(name))), None)


def main() -> int:
    browser = chromium()
    required = os.environ.get("SHIAN_REQUIRE_BROWSER") == "1"
    if browser is None:
        bar = "=" * 78
        sys.stderr.write(
            f"{bar}\nBROWSER TESTS DID NOT RUN: no Chromium on this machine (apt-get install chromium).\n{bar}\n"
        )
        return 1 if required else 0
    environment = {**os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    command = [sys.executable, "-m", "pytest", "-q", *AT_ONCE, "tests/browser", *sys.argv[1:]]
    status = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    return 0 if status == NO_TESTS and not required else status


if __name__ == "__main__":
    sys.exit(main())
