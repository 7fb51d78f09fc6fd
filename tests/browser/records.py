"""An address for every page: those of the access table as they stand there, records by an example in the city."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import override_settings
from django.urls import reverse

from shian.config import verbs
from shian.kernel.accounts.models import Role, User
from tests.access.test_every_page import LIBRARY, OPEN, PAGES
from tests.browser import campaign_records
from tests.browser.case_records import CASE_EXAMPLES, first_row
from tests.browser.draw_records import DRAW_EXAMPLES
from tests.browser.duty_records import DUTY_EXAMPLES
from tests.browser.field_records import FIELD_EXAMPLES
from tests.browser.own_records import OWN_EXAMPLES, OWN_PAGES
from tests.browser.site import Site
from tests.browser.trace_records import TRACE_ASKED, TRACE_EXAMPLES, TRACE_PAGES
from tests.city import AREA, AS_OF, connected_to

Args = tuple[Any, ...]
# Names that end so answer with a file or with data for a map, not with a page.
NO_PAGE = (
    "_export", "_download", "version_preview", "_outline", "_outlines", "_points", "_file", "_bad_rows", "proof_detail",
    "version_read", "assignment_read", "dataset_read", "out_order_read", "work_read",
)  # fmt: skip
# Open addresses that programs read.
FOR_PROGRAMS = {
    "accounts:mail_closed", "api:schema_detail", "notary:bundle_detail", "notary:checkpoint_detail",
    "notary:consistency_detail", "notary:cosignature_add", "notary:inclusion_detail", "notary:key_detail",
    "notary:script_detail", "notary:tile_detail",
    "forms:xform_list", "forms:xform_detail", "forms:manifest_detail", "forms:medium_download", "forms:submission_send",
    "operation:health_live", "operation:health_ready", "operation:metrics_export",
    "trace:capture_list", "trace:capture_detail", "trace:event_list", "trace:event_detail", "trace:term_list",
    "trace:term_events_list", "trace:trace_detail", "trace:query_list", "trace:query_detail", "trace:query_events_list",
    "trace:subscription_list", "trace:subscription_detail", "trace:unoffered_detail", "tracing:readings_send",
    "field:shell_detail", "field:worker_download", "field:manifest_download", "field:session_read",
    "operator:shell_detail", "operator:worker_download", "operator:manifest_download", "operator:work_read",
}  # fmt: skip
# What the access table's own account is called in the city.
CITY_OWN = {"u-office": "station"}
# Records that belong to no area: who reaches everything opens them.
OF_NO_AREA = {"imports:batch_detail", "imports:batch_match", "imports:batch_undo"}
# Pages that their own journey examines, because the city has no such record before it.
ELSEWHERE = {
    "duties:problem_answer": "no problem of an official with an account is handled yet; test_views_visits.py walks it",
    "duties:untrue_answer": "no matter of an official with an account waits for a word; test_spotchecks.py walks it",
    "reports:document_detail": "test_reports.py writes the document and examines its page",
    "tracing:alert_edit": "no recalled goods are sold in the city; test_recalls.py walks it",
    "operator:in_order_create": "the demo's business runs no market; portals/operator/tests/test_trade.py walks it",
    "operator:cold_arrival_enter": "the demo's business runs no warehouse; test_cold.py of the portal walks it",
    "operator:meal_create": "the demo's business is no kitchen; portals/operator/tests/test_cold.py walks it",
    "operator:meal_send": "the demo's business is no kitchen; portals/operator/tests/test_cold.py walks it",
    "operator:meal_receive": "nobody cooks for the demo's business; portals/operator/tests/test_cold.py walks it",
    "tracing:cold_alert_detail": "nothing was measured in the city; domains/tracing/tests/test_cold_views.py opens one",
    "operator:self_exam_submit": "the demo's business belongs to no class that reports; test_figures.py fills it in",
}
# Who opens what neither the campaign office nor an administrator may.
OPENED_BY = dict.fromkeys(
    ("campaign:report_submit", "campaign:score_appeal", "campaign:appraisal_submit"), "agriculture"
)
OPENED_BY |= OWN_PAGES | TRACE_PAGES | {"notary:entry_detail": "auditor"}
OPENED_BY |= dict.fromkeys(("duties:support_create", "duties:training_test_take"), "village")


@dataclass(frozen=True)
class Address:
    """A page and the account that opens it; "" is a stranger."""

    name: str
    path: str
    account: str


def addresses(site: Site) -> list[Address]:
    """Every page once, for the first of the campaign office and the administrators who may open it."""
    name, home = urlsplit(site.environment["DATABASE_URL"]).path.lstrip("/"), Path(site.environment["SHIAN_HOME"])
    with connected_to(name), override_settings(SHIAN_HOME=home):  # codes are signed with the key that the site reads
        examples = {name: make() for name, make in EXAMPLES.items()}
        asked = {name: make() for name, make in (campaign_records.ASKED | TRACE_ASKED).items()}
    return [*_own(examples, asked), *_open(examples), *_of_the_library()]


def unwalked(known: Collection[Address]) -> set[str]:
    """Pages of ours that none of the addresses opens."""
    return _pages() - {each.name for each in known} - {*ELSEWHERE}


def _pages() -> set[str]:
    return {name for name, page in PAGES.items() if page.through != 405 and not name.endswith(NO_PAGE)}


def _first_of(roles: frozenset[Role], *, is_office: bool) -> str:
    """The campaign office, unless the page is of no area; else the first administrator who may open it."""
    wanted = (*([Role.OFFICE] if is_office else []), Role.ADMIN, Role.SECURITY, Role.AUDITOR)
    return next(str(role) for role in wanted if role in roles)


def _own(examples: dict[str, list[Args]], asked: dict[str, dict[str, str]]) -> list[Address]:
    found = []
    for name in sorted(_pages() - {*ELSEWHERE}):
        page = PAGES[name]
        account = OPENED_BY.get(name) or _first_of(page.roles, is_office=name not in OF_NO_AREA)
        ways = [tuple(CITY_OWN.get(arg, arg) for arg in page.args)] if page.through == 200 else []
        told = page.query or asked.get(name)
        query = f"?{urlencode(told)}" if told else ""
        found += [Address(name, reverse(name, args=args) + query, account) for args in [*ways, *examples.pop(name, [])]]
    return found


def _open(examples: dict[str, list[Args]]) -> list[Address]:
    names = sorted(each for each in OPEN - FOR_PROGRAMS if not each.endswith(NO_PAGE))
    return [Address(name, reverse(name, args=args), "") for name in names for args in examples.get(name, [()])]


def _of_the_library() -> list[Address]:
    """Sign-in, password, second factors: as a stranger where one may, else signed in."""
    found = []
    for name, (args, for_strangers, for_users) in LIBRARY.items():
        if 200 in {for_strangers, for_users}:
            found.append(Address(name, reverse(name, args=args), "" if for_strangers == 200 else "office"))
    return found


def _user(name: str = "office") -> User:
    return User.objects.get(username=name)


def _codes() -> list[Args]:
    """The tokens of a code in force, of a suspended one and of a revoked one."""
    from shian.domains.census.actions import issue_codes, revoke_code, signing_key, suspend_code
    from shian.domains.census.models import OperatorCode
    from shian.domains.census.rules.codes import signed_token
    from shian.registers.operators.models import Operator

    numbers, at = [f"131081-0000{n}" for n in (2, 3, 4)], verbs.now()
    issue_codes(operators=numbers, by=_user(), at=at)
    suspend_code(operator=Operator.objects.get(code=numbers[1]), reason="核对证照", by=_user(), at=at)
    revoke_code(operator=Operator.objects.get(code=numbers[2]), reason="已注销", by=_user(), at=at)
    codes = OperatorCode.objects.filter(operator__code__in=numbers).order_by("operator__code")
    return [(signed_token(code.serial, signing_key()),) for code in codes]


def _token() -> list[Args]:
    from shian.kernel.api.actions.tokens import create_token
    from shian.kernel.api.rules import LIFETIMES

    made, _key = create_token(
        owner=_user(), name="统计接口", scopes=["read:areas"], days=min(LIFETIMES), at=verbs.now()
    )
    return [(made.pk,)]


def _notice() -> list[Args]:
    from shian.kernel.notices.actions.inbox import Draft, send_notices
    from shian.kernel.notices.ladders import Wording
    from shian.kernel.notices.models import Notice

    draft = Draft(
        [_user().pk], "example", "campaign.item:1.4.2", "due", Wording("示例通知", "请核对。"), link="/campaign/"
    )
    send_notices(drafts=[draft], by="test", at=verbs.now())
    return [(Notice.objects.latest("pk").pk,)]


def _hook() -> list[Args]:
    from shian.kernel.notices.actions.hooks import register_hook
    from shian.kernel.notices.models import HookKind, HookMode

    told = {"name": "工作群", "kind": HookKind.GENERIC, "url": "https://chat.example.org/send", "secret": "",
            "reader": _user(), "mode": HookMode.DAILY, "quiet_from": None, "quiet_to": None}  # fmt: skip
    return [(register_hook(told=told, by=_user("admin"), at=verbs.now()).pk,)]


def _hold() -> list[Args]:
    from shian.kernel.retention.actions import place_hold

    return [(place_hold(table="imports.importbatch", key="1", reason="信访期间", by=_user(), at=verbs.now()).pk,)]


def _disposal() -> list[Args]:
    from shian.kernel.files.models import StoredFile
    from shian.kernel.retention.models import Disposal, DisposedFile

    made = Disposal.objects.create(reason="到期", proposed_at=verbs.now(), proposed_by="office")
    DisposedFile.objects.create(disposal=made, file=StoredFile.objects.order_by("pk")[0], kept_until=date(2026, 1, 1))
    return [(made.pk,)]


def _report_batch() -> list[Args]:
    from shian.engine.exchange.actions import ask_report, take_report

    at = verbs.now()
    asked = ask_report(key="county_counts", area=AREA, as_of=AS_OF, by=_user(), at=at, is_deferred=False)
    return [(take_report(number=asked.pk, at=at).pk,)]


def _archive() -> list[Args]:
    from shian.engine.archives.actions import ask_set

    made = ask_set(kind="evaluation", area=AREA, as_of=AS_OF, by=_user(), at=verbs.now(), is_deferred=False)
    return [(made.pk,)]


def _ledger_row() -> list[Args]:
    return [("monitoring_sites", *args) for args in first_row("ledgers.LedgerRow", ledger="monitoring_sites")()]


def _public_ledger() -> list[Args]:
    from shian.engine.ledgers.declarations import all_ledgers

    return [(next(key for key, declared in all_ledgers().items() if declared.aspects.public),)]


def _entry() -> list[Args]:
    from shian.kernel.notary.models import Entry

    return [(str(Entry.objects.order_by("pk")[0].uid),)]


def _patterns() -> list[Args]:
    from shian.kernel.ui.gallery import PATTERNS

    return [(each,) for each in PATTERNS if each != "list"]


def _operator() -> list[Args]:
    return [("131081-00002",)]


def _appraisal(unit: str = "") -> list[Args]:
    """A unit in the appraisal of the last year; it has not scored itself."""
    from shian.domains.campaign.actions.appraisals import issue_appraisal
    from shian.domains.campaign.queries.appraisals import appraisals_of

    today = verbs.today()
    made = appraisals_of("1310").first() or issue_appraisal(
        area_key="1310", year=today.year - 1, due_on=today, by="test", at=verbs.now()
    )
    entries = made.entries.filter(unit=unit) if unit else made.entries.all()
    return [(entries.order_by("pk")[0].pk,)]


EXAMPLES: dict[str, Callable[[], list[Args]]] = {
    "public:code_detail": _codes,  # first: the pages of a code follow it
    "public_ledgers:public_rows_list": _public_ledger,
    **OWN_EXAMPLES,
    "ui:gallery_pattern": _patterns,
    "notary:entry_detail": _entry,
    "api:token_revoke": _token,
    "disclosures:record_open": lambda: [("operator", "131081-00002")],
    "imports:batch_detail": first_row("imports.ImportBatch"),
    "imports:batch_undo": first_row("imports.ImportBatch"),
    "imports:batch_match": first_row("imports.ImportBatch"),
    "notices:notice_detail": _notice,
    "census:operator_detail": _operator,
    "census:label_print": _operator,
    "census:code_suspend": _operator,
    "census:code_resume": lambda: [("131081-00003",)],
    "census:code_revoke": _operator,
    "census:code_replace": _operator,
    "ledgers:row_correct": _ledger_row,
    "ledgers:row_detail": _ledger_row,
    "retention:hold_end": _hold,
    "retention:disposal_detail": _disposal,
    "exchange:batch_detail": _report_batch,
    "exchange:batch_rows": first_row("exchange.ReportBatch"),
    "archives:archive_detail": _archive,
    "forms:form_detail": lambda: [("open_M18",)],
    "forms:version_detail": first_row("forms.FormVersion"),
    "forms:version_issue": first_row("forms.FormVersion"),
    "forms:version_withdraw": first_row("forms.FormVersion"),
    "campaign:catalogue_detail": first_row("campaign.Catalogue"),
    "campaign:ranking_detail": lambda: [("1310-SAMR",)],
    "campaign:appraisal_detail": _appraisal,
    "campaign:appraisal_verify": _appraisal,
    "campaign:appraisal_submit": lambda: _appraisal("1310-AGRI"),
    **campaign_records.EXAMPLES,
    **DRAW_EXAMPLES,
    "notices:hook_detail": _hook,
    **CASE_EXAMPLES,
    **FIELD_EXAMPLES,
    **DUTY_EXAMPLES,
    **TRACE_EXAMPLES,
}
