"""The only place where the runtime calls the program itself: one thin function per verb, imported when needed.

The program's functions are looked up late, so that `shian status` and `shian down` never load Django.
"""

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shian.config.database import Database
from shian.config.home import PROJECT, Home
from shian.config.loading import undisturbed
from shian.config.problems import Problem

Progress = Callable[[int, int | None], None]
NO_AREA = "There is no area {area} on {day}; give the code of a city, county or township."


def connect(database: Database, home: Home) -> None:
    """Set Django up on this database in the web role, once per process."""
    os.environ.update({**database.environment(), "SHIAN_HOME": str(home.folder)})
    os.environ.setdefault("SHIAN_LOG_LEVEL", "WARNING")
    with undisturbed():
        import django

        django.setup()
    from shian.kernel.scope.walls import work_as_system

    work_as_system()


def ledger_faults(path: Path) -> Sequence[Any]:
    """The mistakes of one ledger declaration: objects with line and text. Needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shian.config.settings")
    os.environ.setdefault("SHIAN_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from shian.engine.ledgers.checking import faults_in
    from shian.engine.measures.definitions import measure_faults

    return faults_in(path, measure_faults)


def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def import_path(
    path: Path,
    *,
    by: str,
    importer: str | None = None,
    area: str | None = None,
    expected_rows: int | None = None,
    resources: Sequence[str] | None = None,
    progress: Progress | None = None,
    again: bool = False,
) -> Sequence[Any]:
    """Through the ordinary importer; `resources` names those of a data package that are wanted; `again` takes content
    that is in already."""
    from shian.kernel.imports.actions import import_path as call

    return call(
        path=path, by=by, at=now(), importer=importer, area=area, expected_rows=expected_rows,
        resources=resources, progress=progress, again=again,
    )  # fmt: skip


def outcome_line(outcome: Any) -> str:
    """One line per imported file: what came in, what was returned, and where the returned rows are."""
    line = f"{outcome.resource}: {outcome.accepted:,} rows accepted"
    if outcome.rejected:
        line += f", {outcome.rejected:,} returned in {outcome.workbook}"
    if outcome.state == "unchanged":
        line += ", this content was here already"
    if outcome.note:
        line += f" ({outcome.note} --again imports it anyway.)"
    return line + (f"; {outcome.state}: {outcome.stopped}" if outcome.stopped else "")


def outcomes_line(outcomes: Sequence[Any]) -> str:
    """The sum of several files in one line."""
    accepted, rejected = sum(each.accepted for each in outcomes), sum(each.rejected for each in outcomes)
    unchanged = sum(each.state == "unchanged" for each in outcomes)
    words = [f"{accepted:,} rows" if accepted or not unchanged else "", f"{rejected:,} returned" if rejected else ""]
    words += [f"{unchanged} of {len(outcomes)} unchanged" if unchanged else ""]
    return ", ".join(word for word in words if word)


def was_stopped(outcome: Any) -> bool:
    """Whether the whole file was refused, as with an unmet stated total."""
    return bool(outcome.stopped)


def evaluate(*, area: str, as_of: date, by: str) -> dict[str, Any]:
    """Evaluate the area and everything below it, keep the result, and answer with the area's own."""
    from shian.domains.campaign.actions import evaluate_area
    from shian.domains.campaign.queries import evaluation_as_json

    return evaluation_as_json(evaluate_area(area=area, as_of=as_of, by=by, at=now()))


def evaluate_for_report(*, area: str, as_of: date, by: str) -> str:
    """The same, with the evaluation's own reason stated for each open item: the report refuses items without one."""
    from shian.domains.campaign.actions import adopt_reasons, evaluate_area

    evaluation = evaluate_area(area=area, as_of=as_of, by=by, at=now())
    stated = adopt_reasons(evaluation=evaluation, area=area, by=by, at=now())
    return f"{stated} open items, each with its reason"


def evaluation(*, area: str, as_of: date) -> dict[str, Any]:
    """The result that is kept for this day; nothing is computed anew."""
    from shian.domains.campaign.queries import evaluation as call

    return call(area=area, as_of=as_of)


def print_score_table(told: dict[str, Any]) -> None:
    """Sections with full marks, score and loss; the note on weights stands below it."""
    table = Table(title=f"{told['area_name']} · {told['as_of']}", title_justify="left", show_footer=True)
    total = told["total"]
    for heading, key, footer in (("章", "title", "合计"), ("项", "items", None), ("分值", "full", None)):
        table.add_column(
            heading, str(total[key]) if footer is None else footer, justify="left" if key == "title" else "right"
        )
    for heading, key in (("得分", "score"), ("失分", "lost"), ("待定", "unknown")):
        table.add_column(heading, str(total[key]), justify="right")
    for section in told["sections"]:
        table.add_row(*(str(section[key]) for key in ("title", "items", "full", "score", "lost", "unknown")))
    console = Console(highlight=False)
    console.print(table)
    console.print(told["weights_note"], style="dim")


def figure(key: str, *, area: str, as_of: date, period: str | None) -> dict[str, Any]:
    """One figure with its title, unit, part and whole; `value` is exact, `shown` is rounded as declared."""
    from shian.engine.measures.declarations import measure
    from shian.engine.measures.queries import figure as call
    from shian.kernel.scope.rules import code_of_key
    from shian.registers.areas.queries import area_at

    if area_at(area, as_of) is None:
        raise Problem(NO_AREA.format(area=area, day=as_of))
    found = call(key, area=area, as_of=as_of, period=period)
    named = {"title": str(measure(key).title), "area": code_of_key(found.area), "shown": found.shown}
    return {**dataclasses.asdict(found), **named, "unit": str(found.unit), "reason": str(found.reason)}


def figure_line(told: Mapping[str, Any]) -> str:
    """A figure as a sentence of its own."""
    from shian.kernel.ui.figures import figure_text

    shown = figure_text(told["value"], told["unit"], told["decimals"])
    value = shown or f"待补充（{told['reason']}）"
    return f"{told['title']} {value} · {told['area']} · {told['as_of']}"


@dataclasses.dataclass(frozen=True)
class WrittenReport:
    """Where the document lies, its version, and whether this run began it, found it the same or updated it."""

    path: Path
    version: int
    outcome: str

    @property
    def line(self) -> str:
        told = {
            "same": f"draft {self.version} reads the same, nothing was written anew",
            "updated": f"figures have changed: draft {self.version}, the former one is kept",
        }
        return f"{self.path} ({told[self.outcome]})" if self.outcome in told else str(self.path)


def write_report(*, area: str, as_of: date, by: str, out: Path) -> WrittenReport:
    """The self-assessment report as a Word document; refused while an item has neither score nor stated reason."""
    from shian.domains.campaign.actions import write_self_assessment
    from shian.engine.reports.actions import ReportBlocked, WrongLevel
    from shian.registers.areas.queries import area_at

    if area_at(area, as_of) is None:
        raise Problem(NO_AREA.format(area=area, day=as_of))
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        writing = write_self_assessment(area=area, as_of=as_of, by=by, at=now(), out=out)
        return WrittenReport(out, writing.document.version, writing.outcome.value)
    except ReportBlocked as blocked:
        count = len(blocked.blockers)
        reasons = "; ".join(f"{each.title} {each.reason}".strip() for each in blocked.blockers[:3])
        more = f"; and {count - 3} more" if count > 3 else ""
        raise Problem(f"The report cannot be written yet: {reasons}{more}") from blocked
    except WrongLevel:
        raise Problem(f"The report is written for a city or a county; {area} is neither.") from None


def make_archive(*, area: str, as_of: date, by: str, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """The evaluation of the area as a folder in a zip: one folder per item, readable off line. `out` is written."""
    import shutil

    from shian.engine.archives.actions import ask_set, build_set
    from shian.kernel.files.queries import path_of

    def tell(percent: int, step: str) -> None:
        if progress is not None:
            progress(percent, 100)

    asked = ask_set(kind="evaluation", area=area, as_of=as_of, by=by, at=now(), is_deferred=False)
    built = build_set(number=asked.pk, at=now(), tell=tell)
    if built.file is None:
        raise Problem(f"The archive was not made: {built.error}")
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path_of(built.file.sha256), out)
    told = {"items": built.items, "files": built.entries, "bytes": built.file.size, "sha256": built.file.sha256}
    return {"path": str(out), **told, "manifest": built.manifest, "set": built.pk}


def create_admin(username: str, password: str | None = None, role: str = "security") -> dict[str, str]:
    """A new administrator (security, admin or auditor): with this password, or with a one-time code, shown once.

    Raises Problem for a name that is taken or unusable, and for a password that the policy refuses.
    """
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from shian.kernel.accounts.actions import UsernameTaken, UsernameUnusable, activate_user
    from shian.kernel.accounts.actions import create_admin as call
    from shian.kernel.accounts.models import Role

    try:
        with transaction.atomic():
            user, code = call(username=username, role=Role(role), by="cli", at=now())
            if password is not None:
                activate_user(user=user, password=password, at=now())
                return {"username": username}
    except UsernameTaken:
        raise Problem(f"There is an account {username} already; choose another name.") from None
    except UsernameUnusable:
        raise Problem(f"{username!r} is no name to sign in with; use letters, digits and @ . + - _ only.") from None
    except ValidationError as weak:
        raise Problem(" ".join(weak.messages)) from None
    assert user.activation_expires_at is not None
    return {"username": username, "activation_code": code, "expires_at": user.activation_expires_at.isoformat()}


def load_packs(by: str) -> str:
    """The standard with its scoring, put in force, and the outlines of divisions; says in a few words what is there."""
    from shian.domains.campaign.actions import load_scoring, load_standard, put_in_force
    from shian.engine.ledgers.declarations import all_ledgers

    packs = PROJECT / "packs"
    standard = load_standard(path=packs / "criteria" / "2021.yaml", by=by, at=now())
    load_scoring(path=packs / "parameters" / "scoring-2021.yaml", standard=standard, by=by, at=now())
    put_in_force(standard=standard, by=by, at=now())
    for path in sorted((packs / "calendars").glob("workdays-*.csv")):
        import_path(path, by=by, importer="workdays")
    forms = load_forms(by=by)
    return f"standard {standard.key}, {len(all_ledgers())} ledgers, {forms} forms, {load_outlines(by=by)} outlines"


def load_forms(by: str) -> int:
    """Issue the forms of packs/forms that have no edition yet; how many those were."""
    from shian.engine.forms.actions import load_packed_forms

    return len(load_packed_forms(by=by, at=now()))


def load_outlines(by: str) -> int:
    """The outlines of every place in packs/areas, for maps and for the check of positions; how many there are."""
    from shian.registers.areas.actions import load_outlines as call

    count = 0
    for path in sorted((PROJECT / "packs" / "areas").glob("*/*.geojson")):
        made = path.name == "township_cells.geojson"
        count += call(path=path, source=f"packs/areas/{path.parent.name}", is_synthetic=made, by=by, at=now())
    return count


def issue_catalogues(*, area: str, from_on: date, due_on: date, by: str) -> int:
    """Split the standard in force into its three catalogues and issue them; how many were issued."""
    from shian.domains.campaign.actions import draft_catalogues, issue_catalogue
    from shian.domains.campaign.queries.inputs import standard_at

    drafted = draft_catalogues(standard=standard_at(due_on), area=area, due_on=due_on, from_on=from_on, by=by, at=now())
    for catalogue in drafted.values():
        if catalogue.state == "drafted":
            issue_catalogue(catalogue=catalogue, by=by, at=now())
    return len(drafted)


def demo_accounts(wanted: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """Accounts to look around with; existing ones keep their passwords and are left out."""
    from shian.registers.people.actions import create_demo_accounts

    made = create_demo_accounts(wanted=wanted, by="demo", at=now())
    return [{key: str(value) for key, value in each.items()} for each in made]


def demo_operator(code: str) -> list[dict[str, str]]:
    """The account of a business's principal, to look around the operators' portal with; nothing without a code."""
    from shian.domains.selfcontrol.actions.accounts import create_demo_operator

    return create_demo_operator(code=code, username="operator", by="demo", at=now()) if code else []


def demo_hosts(wanted: Mapping[str, str]) -> list[dict[str, str]]:
    """Accounts of whoever runs these markets and warehouses: user name → code. Of what nobody runs there is none."""
    from shian.domains.selfcontrol.actions.accounts import create_demo_operator
    from shian.domains.tracing.queries.coldstores import host_of

    made = []
    for username, place in wanted.items():
        made += create_demo_operator(code=host_of(place), username=username, by="demo", at=now())
    return made


def sample_code(*, area: str, by: str) -> str:
    """The path of one operator's public page, for whoever tries the demo; the worker issues all the other codes."""
    from django.urls import reverse

    from shian.domains.census.actions import issue_missing_codes, signing_key
    from shian.domains.census.queries.codes import live_code
    from shian.domains.census.rules.codes import signed_token
    from shian.kernel.scope.rules import key_of_code, level_of_key
    from shian.registers.operators.models import Operator

    key = key_of_code(area)
    open_ones = Operator.objects.filter(closed_on=None, **{level_of_key(key).value: key})
    operator = open_ones.order_by("code").first()
    if operator is None:
        return ""
    issue_missing_codes(by=by, at=now(), only=[operator.code])
    code = live_code(operator)
    return reverse("public:code_detail", args=[signed_token(code.serial, signing_key())]) if code else ""


def remember(subject: str, data: dict[str, Any]) -> None:
    """Seal a finished step of the demo: the database itself knows how far it is."""
    from django.db import transaction

    from shian.kernel.notary.actions import seal

    with transaction.atomic():
        seal(action="demo.step_done", by="demo", subject=f"demo:{subject}", data=data, at=now())


def remembered(subject: str) -> dict[str, Any]:
    """What was last sealed about a step; empty when it was never finished."""
    from shian.kernel.notary.models import Entry

    found = Entry.objects.filter(subject=f"demo:{subject}", action="demo.step_done").order_by("-id").first()
    return dict(found.data) if found else {}
