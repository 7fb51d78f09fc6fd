"""`make bench`: make the demo city in a home of its own, run every module, print a table and write JSON."""

import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shian.config import lifecycle, verbs
from shian.config.home import PROJECT, Home
from shian.config.steps import Steps

HOME = PROJECT / "var" / "bench"
RESULT = HOME / "result.json"
NOT_MEASURED = {
    "harness", "__main__", "handwritten_import", "form_phones", "rush_phones", "trace_capture", "trace_city",
    "trace_events",
}  # fmt: skip


def modules(wanted: list[str]) -> list[str]:
    names = [found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return [name for name in names if name not in NOT_MEASURED and (not wanted or name in wanted)]


def main(wanted: list[str]) -> int:
    environment = {**os.environ, "SHIAN_HOME": str(HOME)}
    subprocess.run([sys.executable, "-m", "shian", "demo", "--no-serve"], cwd=PROJECT, env=environment, check=True)
    os.environ["SHIAN_HOME"] = str(HOME)
    home, steps = Home(HOME), Steps()
    lines = []
    with lifecycle.database_in_use(home, steps) as database:
        verbs.connect(database, home)
        for name in modules(wanted):
            print(f"measuring {name} …", flush=True)
            lines += importlib.import_module(f"benchmarks.{name}").measure()
    told = {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "load": os.getloadavg()},
        "lines": [line.told() for line in lines],
    }
    RESULT.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    table = Table("promise", "measured", "target", "", title=f"load average {os.getloadavg()[0]:.1f}")
    for line in lines:
        kept = "kept" if line.is_kept else "MISSED"
        table.add_row(line.promise, f"{line.measured:,.2f} {line.unit}", line.target, kept)
    Console().print(table)
    print(f"written to {RESULT.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
