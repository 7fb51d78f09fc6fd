"""Runs tests/browser in processes of their own (an event loop must not meet other tests), if there is a Chromium.

Two at once, each with a browser and a served clone of the same city; a file's tests stay together, in their order, but
for the two long ways over all pages, which run beside each other (tests/browser/conftest.py names the groups).

Without one it says so loudly and succeeds, unless SHIAN_REQUIRE_BROWSER=1, as in CI.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
AT_ONCE = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
NO_TESTS = 5  # pytest's exit status when nothing was collected


def chromium() -> str | None:
    """The browser: SHIAN_CHROMIUM, else what the machine has."""
    named = os.environ.get("SHIAN_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> int:
    browser = chromium()
    required = os.environ.get("SHIAN_REQUIRE_BROWSER") == "1"
    if browser is None:
        bar = "=" * 78
        sys.stderr.write(
            f"{bar}\nBROWSER TESTS DID NOT RUN: no Chromium on this machine (apt-get install chromium).\n{bar}\n"
        )
        return 1 if required else 0
    environment = {**os.environ, "SHIAN_CHROMIUM": browser, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    command = [sys.executable, "-m", "pytest", "-q", *AT_ONCE, "tests/browser", *sys.argv[1:]]
    status = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    return 0 if status == NO_TESTS and not required else status


if __name__ == "__main__":
    sys.exit(main())
