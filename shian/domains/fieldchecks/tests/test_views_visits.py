"""Pages of visits: assigned on a form, filled in as an ordinary page, refused naming what is missing, signed, filed."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shian.domains.fieldchecks.models import FieldVisit
from shian.domains.fieldchecks.tests.factories import make_operator, make_point
from shian.domains.fieldchecks.tests.visits import PNG, Crew, sheet
from shian.engine.cases.models import Case
from shian.engine.forms.queries import version_in_force
from shian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db
DRAWN = "data:image/png;base64," + base64.b64encode(PNG).decode()
PLACE = {"lat": "39.44", "lon": "116.3", "accuracy": "9"}


def page(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"fieldchecks:{name}", args=args)


@pytest.fixture
def visit(crew: Crew) -> FieldVisit:
    return crew.sent_to(make_point("P1", operator=make_operator("OP1"), name="张记小吃"))[0]


def answers(visit: FieldVisit, **changed: str) -> dict[str, Any]:
    version = version_in_force(visit.form, visit.assigned_at.date())
    assert version is not None
    posted: dict[str, Any] = {each.name: "pass" for each in version.definition.items}
    posted |= {"signature_operator": DRAWN, "signature_team": DRAWN, "opinion": "保持", **PLACE}
    return posted | changed


def test_points_are_given_to_a_team_on_a_form(crew: Crew) -> None:
    make_point("P1")
    client = page(crew.lead)
    told = {"codes": "P1", "issuer": "1310-CAMPO", "lead": crew.lead.pk, "second": crew.second.pk}
    assert "张记" not in client.get(at("field_visit_create")).content.decode()
    refused = client.post(at("field_visit_create"), {**told, "codes": "P1 P9"})
    assert "P9" in refused.content.decode()
    assert "两人" in client.post(at("field_visit_create"), {**told, "second": crew.lead.pk}).content.decode()
    assert client.post(at("field_visit_create"), told).status_code == 302
    assert FieldVisit.objects.get().number.startswith("MC2022-")
    assert "没有完成的检查" in client.post(at("field_visit_create"), told).content.decode()


def test_a_sheet_is_filled_in_on_a_page_and_is_the_record(crew: Crew, visit: FieldVisit) -> None:
    client = page(crew.lead)
    assert client.post(at("field_visit_enter", visit.pk), {**PLACE, "lat": "99"}).status_code == 200
    assert client.post(at("field_visit_enter", visit.pk), PLACE).status_code == 302
    shown = client.get(at("field_visit_check", visit.pk)).content.decode()
    assert "39.44" in shown
    assert shown.count('data-island="signature"') == 2

    item = version_in_force(visit.form, visit.assigned_at.date()).definition.items[1].name  # type: ignore[union-attr]
    idle = {f"{item}_photo": SimpleUploadedFile("x.png", PNG, "image/png")}  # beside an item that passed
    done = client.post(at("field_visit_check", visit.pk), {**answers(visit), **idle})
    assert done.status_code == 302
    filed = FieldVisit.objects.get(pk=visit.pk)
    assert (filed.state, filed.percent, filed.verdict) == ("uploaded", 100, "excellent")
    assert client.get(at("field_visit_check", visit.pk)).status_code == 302
    record = client.get(at("field_visit_detail", visit.pk)).content.decode()
    assert "已归档" in record
    taken = client.get(at("field_visit_download", visit.pk, "operator_signature"))
    assert b"".join(taken.streaming_content) == PNG  # type: ignore[arg-type]


def test_what_is_missing_is_named_and_nothing_typed_is_lost(crew: Crew, visit: FieldVisit) -> None:
    client = page(crew.lead)
    form = version_in_force(visit.form, visit.assigned_at.date()).definition  # type: ignore[union-attr]
    first, second = form.items[0], form.items[1]
    told = answers(visit, **{second.name: "fail", "lat": "", "signature_team": ""})
    told.pop(first.name)
    shown = client.post(at("field_visit_check", visit.pk), told).content.decode()

    for words in (first.label, "检查人员签名", "现场位置", "照片"):
        assert words in shown
    assert 'value="fail" data-score="0" checked' in shown
    assert FieldVisit.objects.get(pk=visit.pk).state == "assigned"

    told = {**answers(visit, **{second.name: "fail"}), f"{second.name}_note": "票据缺失",
            f"{second.name}_photo": SimpleUploadedFile("x.png", PNG, "image/png")}  # fmt: skip
    assert client.post(at("field_visit_check", visit.pk), told).status_code == 302
    problem = Case.objects.get(type="field_problem")
    assert problem.body == "票据缺失"
    correct = reverse("fieldchecks:problem_correct", args=[problem.pk])
    assert client.post(correct, {"note": "x"}).status_code == 200  # no photo
    photo = SimpleUploadedFile("y.png", PNG, "image/png")
    assert client.post(correct, {"note": "已补齐", "after": photo}).status_code == 302
    assert Case.objects.get(pk=problem.pk).state == "closed"


def test_others_do_not_fill_it_in(crew: Crew, visit: FieldVisit) -> None:
    assert page(crew.county).get(at("field_visit_check", visit.pk)).status_code == 404
    assert page(crew.visitor).get(at("field_visit_detail", visit.pk)).status_code == 404
    assert page(crew.county).post(at("field_visit_close", visit.pk)).status_code == 404
    refused = page(crew.lead).post(at("field_visit_close", visit.pk), follow=True).content.decode()
    assert "还缺少：打分、现场位置、经营者签名、检查人员签名" in refused


def test_scores_and_return_visits_have_their_pages(crew: Crew, visit: FieldVisit) -> None:
    client = page(crew.lead)
    client.post(at("field_visit_check", visit.pk), answers(visit))
    score = client.get(at("field_score_detail"), {"area": "1310"})
    assert "100" in score.content.decode()
    assert client.get(reverse("fieldchecks:revisit_list")).status_code == 200
    taken = client.get(reverse("fieldchecks:field_visit_export"), {"format": "csv", "standing": ""})
    assert visit.number in b"".join(taken.streaming_content).decode()  # type: ignore[arg-type]


def test_each_of_many_problems_can_be_put_right_on_the_spot(crew: Crew, visit: FieldVisit) -> None:
    many = sheet(visit, crew.lead, failed={str(number): "fail" for number in range(1, 9)})
    problems = Case.objects.filter(data__visit=visit.number)
    assert (many.user, problems.count()) == (crew.lead, 8)

    shown = page(crew.lead).get(at("field_visit_detail", visit.pk)).content.decode()
    assert 'href="#problems"' in shown
    assert all(at("problem_correct", each.pk) in shown for each in problems)
    beside = page(crew.county).get(at("field_visit_detail", visit.pk)).content.decode()
    assert problems[0].number in beside
    assert "立行立改" not in beside
