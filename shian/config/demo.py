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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from shian.config import demo_later, demo_life, lifecycle, verbs
from shian.config.database import Database
from shian.config.home import PROJECT, Home
from shian.config.printing import print_line
from shian.config.problems import Problem, disk_full
from shian.config.steps import Steps

SEED = 1
TIME_ZONE = "Asia/Shanghai"  # as in the settings, which this process has not read when it begins
MAKERS = (
    "tools/democity",
    "tools/areas",
    "packs/areas",
    "packs/dictionaries",
    "packs/ledgers",
    "packs/schedules",
    "packs/criteria",
    "packs/parameters",
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

    @property
    def asked(self) -> list[str]:
        """What tools.democity is told."""
        return ["--city", self.city, "--seed", str(SEED), "--today", self.today, "--scale", str(self.scale)]

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
        with _made_ahead(home, wish, is_new=not database.migrated_state()) as ahead:
            lifecycle.migrate(database, steps)
            verbs.connect(database, home)
            plan = _settle(wish)
            accounts = _fill(home, database, plan, steps, ahead)
        evaluation = verbs.evaluation(area=plan.area, as_of=plan.as_of)
        report = verbs.remembered("report")["path"]
        code = verbs.sample_code(area=plan.area, by="demo")
        served = lifecycle.up(home, wish.port, steps, database=database) if wish.port else None
        steps.rest()
        verbs.print_score_table(evaluation)
        print_line(f"Report    {report}")
        _tell(accounts, code, served.address if served else "")
        if served and verbs.remembered("complete")["inputs"] == plan.inputs():
            demo_later.queue(home, plan.asked, plan.area, steps)


def _tell(accounts: list[dict[str, str]], code: str, address: str) -> None:
    """Who can sign in, and where."""
    for account in accounts:
        print_line(f"Account   {account['username']:<12} {account['password']:<18} {account['title']}")
    if not address:
        print_line("Not served; `make demo` or `shian up` serves it.")
        return
    if code:
        print_line(f"Code      {address.rstrip('/')}{code}")
    print_line(f"Address   {address}")


def _city() -> str:
    return os.environ.get("SHIAN_CITY", "langfang")


def _wished(wish: Wish, today: date) -> Plan:
    """The plan of a database that has none."""
    return Plan(_city(), str(wish.today or today), wish.scale or 1.0)


def _settle(wish: Wish) -> Plan:
    """The first run decides; a later wish for something else needs --fresh."""
    known = verbs.remembered("plan")
    if not known:
        plan = _wished(wish, verbs.today())
        verbs.remember("plan", plan.key)
        return plan
    plan = Plan(known["city"], known["today"], float(known["scale"]))
    asked = Plan(_city(), str(wish.today or plan.today), wish.scale or plan.scale)
    if asked != plan:
        raise Problem(
            f"This database holds the demo of {plan.city} for {plan.today} at scale {plan.scale:g}; "
            "add --fresh (with make: FRESH=1) to make another one in its place."
        )
    return plan


def _fill(home: Home, database: Database, plan: Plan, steps: Steps, ahead: "Making | None") -> list[dict[str, str]]:
    """From an empty database to a score and a report; the accounts to look around with."""
    inputs = plan.inputs()
    done = verbs.remembered("complete")
    if done:
        with steps.step("Demo city") as step:
            same = done["inputs"] == inputs
            step.say("already there" if same else "already there, made by an earlier version; --fresh makes it anew")
        return _known_accounts(home)
    package = _package(home, plan, inputs, steps, ahead)
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


@dataclass(frozen=True)
class Making:
    """The data package of a plan, made by a process of its own; `inputs` is the plan's digest."""

    inputs: str
    draft: Path
    process: subprocess.Popen[str]

    @classmethod
    def begin(cls, home: Home, plan: Plan, inputs: str) -> "Making":
        draft = home.folder / "democity.new"
        shutil.rmtree(draft, ignore_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.democity", *plan.asked, "--out", str(draft)], cwd=PROJECT,
            env={**os.environ, **home.mark("command")}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        return cls(inputs, draft, process)

    def end(self) -> Path:
        """The finished package. Raises Problem."""
        _told, complaint = self.process.communicate()
        if self.process.returncode:
            sys.stderr.write(complaint)
            if "No space left on device" in complaint:
                raise disk_full(self.draft)
            raise Problem("The demo city could not be made; what it said stands above.")
        return self.draft

    def drop(self) -> None:
        """Nobody waits for it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@contextmanager
def _made_ahead(home: Home, wish: Wish, *, is_new: bool) -> Iterator[Making | None]:
    """While the schema of a new database is laid, the package is made beside it: two cores, two works."""
    if not is_new:
        yield None
        return
    plan = _wished(wish, datetime.now(tz=ZoneInfo(TIME_ZONE)).date())
    inputs = plan.inputs()
    making = None if _stamp(home).exists() and _stamp(home).read_text() == inputs else Making.begin(home, plan, inputs)
    try:
        yield making
    finally:
        if making:
            making.drop()


def _stamp(home: Home) -> Path:
    """Says of the package there from which inputs it was made."""
    return home.folder / "democity" / "made-from"


def _package(home: Home, plan: Plan, inputs: str, steps: Steps, ahead: Making | None) -> Path:
    """The city's data package; one that was made from the same inputs is taken as it is."""
    folder, stamp = _stamp(home).parent, _stamp(home)
    with steps.step("Demo city") as step:
        if stamp.exists() and stamp.read_text() == inputs:
            step.say("already made")
            return folder
        if ahead and ahead.inputs != inputs:
            ahead.drop()
        making = ahead if ahead and ahead.inputs == inputs else Making.begin(home, plan, inputs)
        draft = making.end()
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
    accounts += verbs.demo_operator(plan.pack.get("demo_operator", ""))
    accounts += verbs.demo_hosts(plan.pack.get("demo_hosts", {}))
    path = _accounts_file(home)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        json.dump(accounts, handle, ensure_ascii=False, indent=1)
    draft.replace(path)
    return accounts


def _known_accounts(home: Home) -> list[dict[str, str]]:
    path = _accounts_file(home)
    return list(json.loads(path.read_text())) if path.exists() else []
