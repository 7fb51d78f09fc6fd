"""Files leave by one door: whatever is an attachment is sealed, listed and, where that is due, asked about first.

The middleware refuses an attachment that went past the door, so a view that hands one out must name the door in its
source; the views that do are found through the table of urls and tried here, each with a record that exists.
"""

import inspect
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from allauth.core import context
from django.contrib.sessions.backends.db import SessionStore
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone
from django.utils.translation import override

from shian.config.urls import handler403, handler404, handler500  # noqa: F401 (Django reads them)
from shian.config.urls import urlpatterns as real
from shian.domains.campaign.models import Paper
from shian.domains.census.actions import issue_missing_codes
from shian.domains.duties.models import DutyVisit, Letter, Official
from shian.domains.duties.tests.factories import matched
from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.tests.factories import make_point
from shian.engine.archives.models import ArchiveSet, SetState
from shian.engine.cases.models import Case, CaseEvent, CaseFile
from shian.engine.draws.models import Draw
from shian.engine.exchange.models import ReportBatch, ReportState
from shian.engine.exchange.queries import personal_of
from shian.engine.forms.models import Form, FormSubmission, FormVersion, SubmissionFile
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.tests.factories import TOWNS, make_areas, make_operator
from shian.engine.reports.models import Document
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.tests.entrance import PASSWORD, confirmed, member, sign_in
from shian.kernel.api.site import operations
from shian.kernel.disclosures.door import Door, ReasonNeeded, TooOften
from shian.kernel.disclosures.models import Disclosure, Kind
from shian.kernel.disclosures.rules import MOST_IN_WINDOW, needs_confirmation
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import BatchState, ImportBatch, ImportProblem
from shian.kernel.notary.actions import seal, sequence
from shian.kernel.notary.models import Entry
from shian.registers.people.tests.factories import OrganisationFactory
from tests.api.programs import Program, token_for

pytestmark = pytest.mark.django_db
AT, DAY = timezone.now(), date(2022, 11, 24)
WHY = {"chosen": "日常监管", "words": "第3号"}
NAMED = re.compile(r"\b(?:Door|door_of|without_data)\b")
CSV = "人员编号,姓名,手机\nP1,王小明,13900001234\nP2,李大力,12\n".encode()


@open_to_all
def escaping(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret", headers={"Content-Disposition": 'Attachment; filename="a.csv"'})


urlpatterns = [path("escaping/", escaping), *real]


def stored(name: str = "a.csv", content: bytes = CSV) -> StoredFile:
    return store_file(name=name, stream=io.BytesIO(content), kinds=("csv", "png"), by="root", at=AT)


def picture() -> StoredFile:
    from PIL import Image

    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return stored("photo.png", drawn.getvalue())


def batch(importer: str = "persons") -> ImportBatch:
    made = ImportBatch.objects.create(
        importer=importer, file=stored(), name="人员.csv", state=BatchState.CHECKED, effective_on=DAY, rows_total=2,
        rows_bad=1, is_unlimited=True, created_by="root", created_at=AT,
    )  # fmt: skip
    ImportProblem.objects.create(batch=made, row_no=3, column="手机", value="12", reason="格式不符")
    return made


def document() -> Document:
    return Document.objects.create(
        kind="self_assessment", title="自评报告", area_name="廊坊市", as_of=DAY, template="t", template_digest="0" * 64,
        file=stored(), content_digest="0" * 64, created_at=AT, created_by="root",
        written_at=AT, written_by="root", province="13", city="1310",
    )  # fmt: skip


def report_batch(report: str = "duty_operators", rows: int = 3) -> ReportBatch:
    return ReportBatch.objects.create(
        report=report, area_key="1310", as_of=DAY, state=ReportState.SENT, definition="0" * 64, rows_count=rows,
        file=stored(), taken_at=AT, taken_by="root", sent_at=AT, sent_by="root", province="13", city="1310",
    )  # fmt: skip


def filled_in() -> tuple[int, int]:
    """A form that was filled in, and the photo that came with it."""
    form = Form.objects.create(key="open_T1", title="打分表", created_at=AT)
    version = FormVersion.objects.create(
        form=form, name="1", content={}, digest="0" * 64, xform="", uploaded_at=AT, uploaded_by="root"
    )
    made = FormSubmission.objects.create(
        version=version, instance_id="uuid:1", source="page", user=User.objects.get(username="root"), digest="0" * 64,
        answers={}, files=["photo.png"], received_at=AT, province="13", city="1310",
    )  # fmt: skip
    return made.pk, SubmissionFile.objects.create(
        submission=made, name="photo.png", stored=picture(), received_at=AT
    ).pk


def archive() -> ArchiveSet:
    return ArchiveSet.objects.create(
        kind="campaign", area_key="1310", as_of=DAY, state=SetState.READY, entries=7, file=stored(), asked_at=AT,
        asked_by="root", built_at=AT, province="13", city="1310",
    )  # fmt: skip


def photographed() -> LedgerRow:
    return LedgerRow.objects.create(
        ledger="publicity", key='["1"]', data={"photo": picture().sha256}, updated_at=AT, updated_by="root",
        province="13", city="1310",
    )  # fmt: skip


def paper() -> tuple[int]:
    """An issued paper of the city with its file."""
    stored = store_file(name="plan.pdf", stream=io.BytesIO(b"%PDF-1.7 plan"), kinds={"pdf"}, by="office", at=AT)
    unit = OrganisationFactory(area_code="131000")
    found = Paper.objects.create(
        doc_no="1", title="方案", kind="其他", issuer=unit, state="issued", issued_on=DAY, stored=stored,
        file_name="plan.pdf", province="13", city="1310",
    )  # fmt: skip
    return (found.pk,)


def evidence() -> tuple[int, int]:
    case = Case.objects.create(
        type="card", number="1", title="督办卡", state="issued", issuer=OrganisationFactory(area_code="131000"),
        opened_on=DAY, created_at=AT, updated_at=AT, province="13", city="1310",
    )  # fmt: skip
    event = CaseEvent.objects.create(case=case, number=1, step="issue", state="issued", at=AT, by="root")
    return case.pk, CaseFile.objects.create(case=case, event=event, stored=picture(), name="照片.png").pk


def coded() -> str:
    operator = make_operator(2, town=TOWNS[2])
    issue_missing_codes(by="worker", at=AT)
    return operator.code


@dataclass(frozen=True)
class Taken:
    """How a file is taken: the values of the address, and the subject under which it is listed ("": without data)."""

    subject: str
    args: Callable[[], tuple[Any, ...]] = tuple
    query: str = ""
    kind: Kind = Kind.EXPORT
    role: Role = Role.ADMIN


def draw() -> tuple[int]:
    found = Draw.objects.create(
        title="抽签", area_key="1310", frame_kind="list", as_of=DAY, state="frozen", frame_digest="0" * 64,
        parameters={"ratio": "0.2", "rounding": "up", "minimum": 0, "reserves": "0", "weights": {}}, created_at=AT,
        created_by="root", frozen_at=AT, province="13", city="1310",
    )  # fmt: skip
    return (found.pk,)


def signed_visit() -> tuple[int, str]:
    """An open check that was signed."""
    point = make_point("L001", area="131000", city="1310", county="")
    visit = FieldVisit.objects.create(
        number="MC-1", point=point, mode=point.mode, format=point.format, assigned_at=AT,
        issuer=OrganisationFactory(area_code="131000"), operator_signature=picture(), province="13", city="1310",
    )  # fmt: skip
    return visit.pk, "operator_signature"


def signed_letter() -> tuple[int, str]:
    """A letter that its official has signed."""
    official = Official.objects.create(
        code="L-1", name="甲", level="city", post="市长", area_code="131000", valid_from=DAY, province="13", city="1310"
    )
    made = Letter.objects.create(
        official=official, number=1, state="signed", reason="首次签订", subjects=0, issued_at=AT, due_on=DAY,
        counter_post="市委", signed_at=AT, signed_by="root", signature=picture(), province="13", city="1310",
    )  # fmt: skip
    return made.pk, "signature"


def signed_duty_visit() -> tuple[int, str]:
    """A visit of an official, signed at the business."""
    match = matched("A", area="131000")
    made = DutyVisit.objects.create(
        number="BD-1", operator=match.operator, official=match.official, match=match, tier="A", quarter="2022Q4",
        visited_on=DAY, recorded_at=AT, operator_signature=picture(), province="13", city="1310",
    )  # fmt: skip
    return made.pk, "operator_signature"


FILES = {
    "duties:visit_export": Taken("duties.visit:list"),
    "duties:due_export": Taken("duties.due:list"),
    "duties:visit_download": Taken("duties.visit:", signed_duty_visit, kind=Kind.FILE),
    "duties:letter_download": Taken("duties.letter:", lambda: signed_letter()[:1]),
    "duties:signature_download": Taken("duties.letter:", lambda: signed_letter(), kind=Kind.FILE),
    "fieldchecks:field_point_export": Taken("fieldchecks.point:list"),
    "fieldchecks:field_visit_export": Taken("fieldchecks.visit:list"),
    "fieldchecks:field_visit_download": Taken("fieldchecks.", signed_visit, kind=Kind.FILE),
    "draws:record_download": Taken("draws.draw:", draw),
    "census:operator_export": Taken("operators.operator:list", query="?format=xlsx"),
    "ledgers:row_export": Taken("ledgers.ledger:monitoring_sites", lambda: ("monitoring_sites",)),
    "ledgers:row_file": Taken("ledgers.ledgerrow:", lambda: ("publicity", photographed().pk, "photo"), kind=Kind.FILE),
    "cases:case_export": Taken("cases.list:all"),
    "campaign:paper_file": Taken("campaign.paper:", paper, kind=Kind.FILE),
    "cases:file_download": Taken("cases.case:", evidence, kind=Kind.FILE),
    "figures:figure_export": Taken("measures.figure:areas.counties/1310", lambda: ("areas.counties",)),
    "reports:document_download": Taken("reports.document:", lambda: (document().pk,)),
    "exchange:batch_download": Taken("exchange.reportbatch:", lambda: (report_batch().pk,)),
    "archives:archive_download": Taken("archives.archiveset:", lambda: (archive().pk,)),
    "imports:batch_file": Taken("imports.importbatch:", lambda: (batch().pk,)),
    "imports:batch_bad_rows": Taken("imports.importbatch:", lambda: (batch().pk,)),
    "notary:record_export": Taken("notary.log:all", role=Role.AUDITOR),
    "forms:submission_download": Taken("forms.formsubmission:", lambda: filled_in()),
    "imports:template_download": Taken("", lambda: ("persons",)),
    "census:code_download": Taken("", lambda: (coded(),)),
}
# These want an evaluated city, a week, a notice, an issue, a quarter or evidence; the middleware watches them too.
ELSEWHERE = {
    "campaign:item_export", "campaign:week_export", "campaign:version_download", "campaign:weekly_notice_download",
    "campaign:briefing_download",
    "duties:notice_download", "duties:filing_download",  # a quarter's: duties/tests/test_notices.py, test_uploads.py
    "tracing:recall_export",  # wants a trace: tracing/tests/test_recalls.py
    "operator:daily_control_download", "operator:own_week_download", "operator:own_month_download",  # own people's
}  # fmt: skip


def views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("shian."):
            yield f"{namespace}:{entry.name}", inspect.unwrap(entry.callback)


@pytest.fixture
def root(client: Client, settings: Any, tmp_path: Path) -> User:
    settings.SHIAN_HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    make_areas()
    make_operator(1, town=TOWNS[2])
    user = User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)
    client.force_login(user)
    confirmed(client, user)
    seal(action="tests.done", by="root", subject="tests.thing:1", data={}, at=AT)
    sequence(at=AT)
    return user


def test_every_view_that_hands_out_files_is_tried_here() -> None:
    found = {name for name, view in views(get_resolver()) if NAMED.search(inspect.getsource(view))}

    assert found == set(FILES) | ELSEWHERE


@pytest.mark.parametrize("name", [name for name, taken in FILES.items() if taken.subject])
def test_a_file_is_sealed_and_listed_when_it_leaves(name: str, root: User, client: Client) -> None:
    taken = FILES[name]
    url = reverse(name, args=taken.args()) + taken.query
    User.objects.filter(pk=root.pk).update(role=taken.role)

    answer = client.post(url, WHY)
    content = answer.getvalue()

    assert "attachment" in answer.headers["Content-Disposition"]
    assert content
    told = Disclosure.objects.get()
    assert (told.actor, told.kind, told.reason) == ("root", taken.kind, "日常监管：第3号")
    assert told.subject.startswith(taken.subject)
    entry = Entry.objects.get(uid=told.entry)
    assert (entry.actor, entry.subject, entry.data["rows"]) == ("root", told.subject, told.rows)
    assert set(told.details) <= set(entry.data), "the seal holds filter or file as the list tells them"


@pytest.mark.parametrize("name", [name for name, taken in FILES.items() if not taken.subject])
def test_a_file_without_data_leaves_unlisted(name: str, root: User, client: Client) -> None:
    answer = client.get(reverse(name, args=FILES[name].args()))

    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.getvalue()
    assert not Disclosure.objects.exists()


@override_settings(ROOT_URLCONF=__name__)
def test_an_attachment_that_went_past_the_door_does_not_leave(client: Client) -> None:
    client.raise_request_exception = False

    answer = client.get("/escaping/")

    assert answer.status_code == 500
    assert b"secret" not in answer.content


def test_every_endpoint_that_produces_a_file_names_the_door() -> None:
    producing = {
        path: inspect.getsource(inspect.unwrap(operation.view_func))
        for path, operation in operations()
        if "content" in (operation.openapi_extra or {}).get("responses", {}).get(200, {})
    }

    assert len(producing) == 3
    assert [path for path, source in producing.items() if not NAMED.search(source)] == []


def test_a_program_states_its_reason_and_is_listed(root: User) -> None:
    program, number = Program(token_for(root)), batch().pk

    asked = program.get(f"/imports/{number}/bad-rows")
    answer = program.get(f"/imports/{number}/bad-rows", {"reason": "改正后重报"})

    assert asked.status_code == 422
    assert asked.json()["errors"][0]["pointer"] == "/reason"
    assert b"".join(answer.streaming_content)
    assert Disclosure.objects.get().reason == "改正后重报"
    made = document()
    assert program.get(f"/documents/{made.pk}/download").getvalue()
    assert Disclosure.objects.latest("pk").subject == f"reports.document:{made.pk}"


@pytest.mark.parametrize("name", ["imports:batch_file", "imports:batch_bad_rows"])
def test_values_in_full_want_confirmation_and_reason(name: str, root: User, client: Client) -> None:
    url = reverse(name, args=[batch().pk])
    confirmed(client, root, minutes_ago=policy_for().reauthentication_minutes + 0.1)

    sent = client.get(url)
    assert sent.headers["Location"].startswith(reverse("account_reauthenticate"))
    confirmed(client, root, minutes_ago=policy_for().reauthentication_minutes - 0.1)
    asked = client.get(url)
    assert asked.status_code == 200
    assert "说明导出理由" in asked.content.decode()
    assert "attachment" not in asked.headers.get("Content-Disposition", "")

    client.post(url, WHY).getvalue()
    told = Disclosure.objects.get()
    assert (told.personal, told.is_masked, told.rows) == ("name phone", False, 2 if name.endswith("file") else 1)


def test_a_user_confirms_with_the_password_and_gets_the_file(client: Client) -> None:
    make_areas()
    user = member("olive", Role.ADMIN)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    sign_in(client, "olive")
    url = reverse("imports:batch_file", args=[batch().pk])

    sent = client.get(url)
    wrong = client.post(sent.headers["Location"], {"password": "wrong"})
    right = client.post(sent.headers["Location"], {"password": PASSWORD})

    assert wrong.status_code == 200
    assert right.headers["Location"] == url
    assert client.get(url).status_code == 200
    assert client.post(url, WHY).getvalue() == CSV


def test_a_reason_waits_while_its_user_confirms_and_serves_once(root: User, client: Client) -> None:
    url = reverse("imports:batch_file", args=[batch().pk]) + "?again=1"
    confirmed(client, root, minutes_ago=60)

    assert client.post(url, WHY).status_code == 302, "the minutes ran out while the form was open"
    confirmed(client, root)
    assert client.get(url).getvalue() == CSV
    assert Disclosure.objects.get().reason == "日常监管：第3号"
    assert "说明导出理由" in client.get(url).content.decode()


def test_a_reason_that_waits_is_for_its_own_file_only(root: User, client: Client) -> None:
    first, second = (reverse("imports:batch_file", args=[batch().pk]) for _each in range(2))
    confirmed(client, root, minutes_ago=60)
    client.post(first, WHY)
    confirmed(client, root)

    assert "说明导出理由" in client.get(second).content.decode()
    assert "说明导出理由" in client.get(first).content.decode(), "given up on the way"


def test_a_small_list_without_personal_data_leaves_at_once(root: User, client: Client) -> None:
    confirmed(client, root, minutes_ago=60)

    answer = client.get(reverse("ledgers:row_export", args=["monitoring_sites"]))

    assert answer.getvalue()
    assert Disclosure.objects.get().reason == ""


@pytest.mark.parametrize(("rows", "asked"), [(500, False), (501, True)])
def test_more_than_five_hundred_rows_want_confirmation(rows: int, asked: bool, root: User, client: Client) -> None:
    confirmed(client, root, minutes_ago=60)
    url = reverse("exchange:batch_download", args=[report_batch("county_counts", rows).pk])

    answer = client.get(url)

    assert (answer.status_code == 302) is asked
    assert asked or answer.getvalue()
    assert Disclosure.objects.exists() is not asked


@pytest.mark.parametrize(
    ("rows", "personal", "is_masked", "wanted"),
    [(500, [], True, False), (501, [], True, True), (1, ["phone"], True, False), (1, ["phone"], False, True),
     (1, [], False, False)],
)  # fmt: skip
def test_when_a_taker_says_again_who_he_is(rows: int, personal: list[str], is_masked: bool, wanted: bool) -> None:
    assert needs_confirmation(rows, personal, is_masked=is_masked) is wanted


def test_the_minutes_of_a_confirmation_are_those_of_the_dated_policy(root: User, client: Client) -> None:
    from shian.kernel.accounts.adapter import AccountAdapter

    request = RequestFactory().get("/")
    request.user, request.session = root, SessionStore()
    request.session.update(dict(client.session))
    with context.request_context(request):
        assert AccountAdapter().is_reauthentication_required(app="x") is False
        with patch("shian.kernel.accounts.adapter.policy_for") as policy:
            policy.return_value.reauthentication_minutes = 0
            assert AccountAdapter().is_reauthentication_required(app="x") is True


def test_a_report_in_the_receivers_form_is_personal_when_its_columns_are() -> None:
    assert personal_of("county_counts") == []
    assert personal_of("no_longer_declared") == ["name"]


def test_stored_files_have_their_own_limit(root: User) -> None:
    now = timezone.now()
    told = {"kind": "file", "subject": "a.b:c", "title": "照片", "entry": "019f0000-0000-7000-8000-000000000000"}
    taken = [Disclosure(actor="root", at=now - timedelta(minutes=1), **told) for _ in range(MOST_IN_WINDOW["file"])]
    Disclosure.objects.bulk_create(taken)

    with pytest.raises(TooOften):
        Door(root).check(1, kind=Kind.FILE)
    Door(root).check(1)


def test_a_refused_file_is_closed(root: User) -> None:
    opened = FileResponse(io.BytesIO(b"rows"))

    with patch("shian.kernel.disclosures.door.download", return_value=opened), pytest.raises(ReasonNeeded):
        Door(root).let_out_stored(stored(), "a.csv", subject="a.b:c", title="表", rows=501, at=AT)

    assert opened.file_to_stream.closed


def test_the_list_names_a_file_in_the_language_of_record(root: User) -> None:
    with (
        override("en"),
        patch("shian.kernel.disclosures.door.download", return_value=FileResponse(io.BytesIO(b"rows"))),
    ):
        Door(root).let_out_stored(stored(), "a.csv", subject="a.b:c", title="表", at=AT)

    assert sorted(Disclosure.objects.get(subject="a.b:c").details) == ["文件", "校验值（SHA-256）"]
