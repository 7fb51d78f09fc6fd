"""The demo: a synthetic city at real size, through the ordinary importer, evaluated, reported and served.

How far it is stands in the database itself (sealed entries `demo.step_done`), so an interrupted run goes on where it
stopped and a second run changes nothing. What is wished for (city, day, share) is fixed by the first run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from shian.config import demo_life, lifecycle, verbs
from shian.config.database import Database
from shian.config.home import PROJECT, Home
from shian.config.printing import print_line
from shian.config.problems import Problem, disk_full
from shian.config.steps import Steps

SEED = 1
MAKERS = (
    "tools/democity",
    "tools/areas",
    "packs/areas",
    "packs/dictionaries",
    "packs/ledgers",
    "packs/schedules",
    "packs/criteria",
)


@dataclass(frozen=True)
class Wish:
    """What the caller asks for; None means: as before, or the default."""

    today: date | None = None
    scale: float | None = None
    port: int | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Plan:
    """The demo of this database: which city, for which day, which share of its operators."""

    city: str
    today: str
    scale: float

    @cached_property
    def pack(self) -> dict[str, Any]:
        text = (PROJECT / "packs" / "cities" / self.city / "city.yaml").read_text(encoding="utf-8")
        return dict(yaml.safe_load(text))

    @property
    def area(self) -> str:
        return str(self.pack["area"])

    @property
    def office(self) -> str:
        """The demo account of the campaign office, "" in a city without accounts."""
        return next(iter(self.pack.get("demo_accounts", {})), "")

    @property
    def as_of(self) -> date:
        return date.fromisoformat(str(self.pack["as_of"]))

    @property
    def key(self) -> dict[str, Any]:
        return {"city": self.city, "today": self.today, "scale": str(self.scale)}

    def inputs(self) -> str:
        """A digest of all that decides the package's content."""
        digest = hashlib.sha256(json.dumps([self.key, SEED]).encode())
        for folder in (*MAKERS, f"packs/cities/{self.city}"):
            for path in sorted((PROJECT / folder).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
        return digest.hexdigest()


def run_demo(home: Home, wish: Wish, steps: Steps) -> None:
    """Every step in order; each looks first whether it is done."""
    if wish.port and lifecycle.serving_port(home) is None:
        lifecycle.check_port(wish.port)
    if wish.fresh:
        lifecycle.down(home)
    with lifecycle.database_in_use(home, steps) as database:
        if wish.fresh:
            database.recreate()
            _accounts_file(home).unlink(missing_ok=True)
        lifecycle.migrate(database, steps)
        verbs.connect(database, home)
        plan = _settle(wish)
        accounts = _fill(home, database, plan, steps)
        evaluation = verbs.evaluation(area=plan.area, as_of=plan.as_of)
        report = verbs.remembered("report")["path"]
        code = verbs.sample_code(area=plan.area, by="demo")
        served = lifecycle.up(home, wish.port, steps, database=database) if wish.port else None
    steps.rest()
    verbs.print_score_table(evaluation)
    print_line(f"Report    {report}")
    for account in accounts:
        print_line(f"Account   {account['username']:<12} {account['password']:<18} {account['title']}")
    if served:
        if code:
            print_line(f"Code      {served.address.rstrip('/')}{code}")
        print_line(f"Address   {served.address}")
    else:
        print_line("Not served; `make demo` or `shian up` serves it.")


def _settle(wish: Wish) -> Plan:
    """The first run decides; a later wish for something else needs --fresh."""
    known = verbs.remembered("plan")
    city = os.environ.get("SHIAN_CITY", "langfang")
    if not known:
        plan = Plan(city, str(wish.today or verbs.today()), wish.scale or 1.0)
        verbs.remember("plan", plan.key)
        return plan
    plan = Plan(known["city"], known["today"], float(known["scale"]))
    asked = Plan(city, str(wish.today or plan.today), wish.scale or plan.scale)
    if asked != plan:
        raise Problem(
            f"This database holds the demo of {plan.city} for {plan.today} at scale {plan.scale:g}; "
            "add --fresh (with make: FRESH=1) to make another one in its place."
        )
    return plan


def _fill(home: Home, database: Database, plan: Plan, steps: Steps) -> list[dict[str, str]]:
    """From an empty database to a score and a report; the accounts to look around with."""
    inputs = plan.inputs()
    done = verbs.remembered("complete")
    if done:
        with steps.step("Demo city") as step:
            same = done["inputs"] == inputs
            step.say("already there" if same else "already there, made by an earlier version; --fresh makes it anew")
        return _known_accounts(home)
    package = _package(home, plan, inputs, steps)
    with steps.step("Standard and ledgers") as step:
        step.say(verbs.load_packs(by="demo"))
    _import(package, steps)
    with steps.step("Statistics"):
        database.analyze()
    _issue_catalogues(plan, steps)
    with steps.step("Evaluation") as step:
        step.say(verbs.evaluate_for_report(area=plan.area, as_of=plan.as_of, by="demo"))
    with steps.step("Report") as step:
        target = home.reports / f"self-assessment-{plan.area}-{plan.as_of}.docx"
        written = verbs.write_report(area=plan.area, as_of=plan.as_of, by="demo", out=target)
        verbs.remember("report", {"path": str(written.path)})
        step.say(str(written.path))
    with steps.step("Accounts") as step:
        accounts = _make_accounts(home, plan)
        step.say(f"{len(accounts)} accounts")
    if plan.office:
        with steps.step("Life of the office") as step:
            step.say(demo_life.live(area=plan.area, as_of=plan.as_of, account=plan.office))
    verbs.remember("complete", {"inputs": inputs})
    return accounts


def _issue_catalogues(plan: Plan, steps: Steps) -> None:
    """The standard made somebody's duty, since the day the city's campaign began."""
    if verbs.remembered("catalogues"):
        return
    with steps.step("Catalogues") as step:
        since = plan.pack["organisations"]["campaign_since"]
        count = verbs.issue_catalogues(area=plan.area, from_on=since, due_on=plan.as_of, by="demo")
        verbs.remember("catalogues", {"count": count})
        step.say(f"{count} issued")


def _package(home: Home, plan: Plan, inputs: str, steps: Steps) -> Path:
    """The city's data package; one that was made from the same inputs is taken as it is."""
    folder, stamp = home.folder / "democity", home.folder / "democity" / "made-from"
    with steps.step("Demo city") as step:
        if stamp.exists() and stamp.read_text() == inputs:
            step.say("already made")
            return folder
        draft = folder.with_name("democity.new")
        shutil.rmtree(draft, ignore_errors=True)
        asked = ["--city", plan.city, "--seed", str(SEED), "--today", plan.today, "--scale", str(plan.scale)]
        command = [sys.executable, "-m", "tools.democity", *asked, "--out", str(draft)]
        made = subprocess.run(
            command,
            cwd=PROJECT,
            env={**os.environ, **home.mark("command")},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            sys.stderr.write(made.stderr)
            if "No space left on device" in made.stderr:
                raise disk_full(home.folder)
            raise Problem("The demo city could not be made; what it said stands above.")
        (draft / stamp.name).write_text(inputs)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        step.say(f"{len(_resources(folder))} registers and ledgers")
    return folder


def _resources(package: Path) -> list[dict[str, Any]]:
    return list(json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"])


def _import(package: Path, steps: Steps) -> None:
    """In the package's order, each resource in its own transaction; content that came in before is left out."""
    for title, names in _groups(_resources(package)):
        with steps.step(f"Import of {title}") as step:
            outcomes = verbs.import_path(package, by="demo", resources=names, progress=step.reach)
            stopped = [outcome for outcome in outcomes if verbs.was_stopped(outcome)]
            if stopped:
                raise Problem(f"The import stopped: {verbs.outcome_line(stopped[0])}")
            step.say(verbs.outcomes_line(outcomes))


def _groups(resources: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """One step per register; the ledgers, which are many and small, share one."""
    groups: dict[str, list[str]] = {}
    for resource in resources:
        title = "ledgers" if resource["name"].startswith("ledger.") else resource["name"].replace("_", " ")
        groups.setdefault(title, []).append(resource["name"])
    return list(groups.items())


def _accounts_file(home: Home) -> Path:
    return home.folder / "demo-accounts.json"


def _make_accounts(home: Home, plan: Plan) -> list[dict[str, str]]:
    """Generated passwords, kept beside the demo's data in a file that only its owner reads."""
    accounts = _known_accounts(home) + verbs.demo_accounts(plan.pack.get("demo_accounts", {}))
    path = _accounts_file(home)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        json.dump(accounts, handle, ensure_ascii=False, indent=1)
    draft.replace(path)
    return accounts


def _known_accounts(home: Home) -> list[dict[str, str]]:
    path = _accounts_file(home)
    return list(json.loads(path.read_text())) if path.exists() else []
