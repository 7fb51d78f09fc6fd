"""`python -m tools.democity --city langfang --out DIR`: makes a city's Data Package."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from tools.democity.city import make_city

CHINA = timezone(timedelta(hours=8))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools.democity", description=__doc__)
    parser.add_argument("--city", default="langfang", help="a folder of packs/cities")
    parser.add_argument("--out", type=Path, required=True, help="folder of the Data Package")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="day that running work is made for")
    parser.add_argument("--scale", type=float, default=1.0, help="fraction of the operators, for tests")
    parser.add_argument("--xlsx", action="store_true", help="also write operators.xlsx")
    parser.add_argument("--later", action="store_true", help="write what the worker loads afterwards instead")
    arguments = parser.parse_args()
    today = arguments.today or datetime.now(tz=CHINA).date()
    package = make_city(arguments.city, seed=arguments.seed, today=today, scale=arguments.scale)
    if arguments.later:
        package.write_later(arguments.out)
        return
    package.write(arguments.out, xlsx=arguments.xlsx)
    for resource in package.resources:
        print(f"{resource.name:32} {len(resource.rows):>8,}")


if __name__ == "__main__":
    main()
