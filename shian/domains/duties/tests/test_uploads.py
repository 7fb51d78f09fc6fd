"""What an area reports: empty required fields first, then sent, returned or accepted, reported upward."""

import io
from datetime import datetime
from pathlib import Path

import docx
import pytest
import yaml
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.uploads import decide_upload, report_uploads, send_upload
from shian.domains.duties.models import AreaUpload, Letter, Official
from shian.domains.duties.queries.uploads import quality_of
from shian.domains.duties.rules.uploads import read_upload_numbers
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tests.factories import COUNTY, OTHER, make_letter, make_operator, make_tier
from shian.domains.duties.tests.visiting import NOW, ZONE, Village, sheet
from shian.kernel.accounts.models import Role
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import reach_user

AFTER = datetime(2023, 1, 12, 9, 0, tzinfo=ZONE)
Q4 = Quarter(2022, 4)
PACK = Path(__file__).parents[4] / "packs" / "parameters" / "duty_uploads.yaml"
VERSION = yaml.safe_load(PACK.read_text(encoding="utf-8"))["versions"][0]
WHOLE = {"uscc": "91131022MA0000000X", "representative": "某人", "phone": "0316-0000000"}


@pytest.mark.parametrize(
    "wrong", [{"required": {"duty_officials": ["shoe_size"]}}, {"required": {"operators": []}},
              {"targets": {"duty_matches.coverage": 101}}],
)  # fmt: skip
def test_unknown_fields_and_impossible_targets_are_refused(wrong):
    with pytest.raises(ValueError, match=r"unknown|per cent"):
        read_upload_numbers({**VERSION, **wrong})


@pytest.fixture
def village(place, time_machine):
    """A county whose one business is whole and visited, but for the official's office phone; it is January."""
    time_machine.move_to(NOW, tick=False)
    made = Village()
    made.office = reach_user("office", "131000", Role.OFFICE)
    sheet(made.business(name="甲店", **WHOLE), made.user)
    Official.objects.update(unit="固安镇", office_phone="")
    make_letter(made.official)
    time_machine.move_to(AFTER, tick=False)
    return made


def page_of(user, name, *args, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), query)


def mended():
    Official.objects.update(office_phone="0316-0000")


def send(by, **more):
    return send_upload(**{"area": COUNTY, "quarter": Q4, "remark": "", "by": by, "at": AFTER, **more})


@pytest.mark.django_db
def test_missing_fields_are_listed_before_and_the_return_is_refused_while_they_are_empty(village):
    page = page_of(village.county, "filing_check", quarter="2022Q4")

    rows = [{key: getattr(cell, "value", cell) for key, cell in row.cells.items()} for row in
            page.context["list"].table.rows]  # fmt: skip
    assert [(each["code"], each["column"], each["reason"], each["remedy"]) for each in rows] == [
        (village.official.code, "办公电话", "必填项为空", "请填写“办公电话”")
    ]
    assert page.context["list"].actions == []
    with pytest.raises(DutyRefused, match="还有 1 处必填项为空"):
        send(village.county)
    client = Client()
    client.force_login(village.county)
    url = f"{reverse('duties:filing_send')}?area={COUNTY}&quarter=2022Q4"
    assert "还有 1 处必填项为空" in client.post(url, {"remark": "补"}).content.decode()
    assert not AreaUpload.objects.exists()

    mended()
    assert client.post(url, {"remark": ""}).status_code == 302
    upload = AreaUpload.objects.get()
    assert (upload.state, upload.counts["duty_officials"]) == ("sent", {"rows": 1, "lacking": 0})


@pytest.mark.django_db
def test_every_register_tells_what_it_lacks(village):
    mended()
    Operator.objects.update(phone="")
    make_tier(make_operator(**WHOLE))  # a tier, nobody answers for it
    Letter.objects.all().delete()

    found = quality_of(COUNTY, Q4, AFTER.date())

    assert sorted(str(each.column) for each in found.gaps) == sorted(["联系电话", "干部编号", "对签日期"])
    assert found.missing == 3


@pytest.mark.django_db
def test_a_missed_target_is_explained(village):
    mended()
    village.business(name="乙店", **WHOLE)
    with pytest.raises(DutyRefused, match="没有达到目标"):
        send(village.county)

    upload = send(village.county, remark="一家停业。")

    missed = next(line for line in upload.lines if line["key"] == "duty_rounds.completion")
    assert (missed["part"], missed["whole"]) == (1, 2)


@pytest.mark.django_db
def test_checking_returned_accepted_reported(village):
    mended()
    first = send(village.county)
    with pytest.raises(DutyRefused, match="已经上报"):
        send(village.county)
    with pytest.raises(DutyRefused, match="退回的理由"):
        decide_upload(upload=first, is_good=False, note=" ", by=village.office, at=AFTER)
    decide_upload(upload=first, is_good=False, note="核对电话", by=village.office, at=AFTER)
    assert (
        page_of(village.county, "filing_list", quarter="2022Q4").context["list"].table.rows[0].cells["note"]
        == "核对电话"
    )
    second = send(village.county)
    with pytest.raises(DutyRefused, match="没有接收"):
        report_uploads(city="1310", quarter=Q4, by=village.office, at=AFTER)
    client = Client()
    client.force_login(village.office)
    client.post(reverse("duties:filing_accept", args=[second.pk]))
    client.post(f"{reverse('duties:filing_report')}?quarter=2022Q4")

    second.refresh_from_db()
    assert (second.state, second.decided_by, second.reported_by) == ("reported", "office", "office")
    paper = client.get(f"{reverse('duties:filing_download')}?quarter=2022Q4")
    text = docx.Document(io.BytesIO(b"".join(paper) if paper.streaming else paper.content))
    assert "固安县" in [cell.text for row in text.tables[0].rows for cell in row.cells]


@pytest.mark.django_db
def test_who_sent_it_does_not_accept_it_and_others_do_not_see_it(village):
    mended()
    upload = send(village.office)
    elsewhere = reach_user("carol", OTHER, Role.COUNTY)

    with pytest.raises(DutyRefused, match="另一人"):
        decide_upload(upload=upload, is_good=True, note="", by=village.office, at=AFTER)
    with pytest.raises(OutOfReach):
        send(elsewhere)
    assert page_of(elsewhere, "filing_detail", upload.pk).status_code == 404
    assert page_of(village.county, "filing_detail", upload.pk).status_code == 200
    assert page_of(village.county, "filing_return", upload.pk).status_code == 403
    assert page_of(village.county, "filing_check", area=OTHER).status_code == 404


@pytest.mark.django_db
def test_a_running_quarter_and_a_city_are_not_sent(village):
    mended()
    with pytest.raises(DutyRefused, match="没有结束"):
        send(village.office, quarter=Quarter(2023, 1))
    with pytest.raises(DutyRefused, match=r"由县（市、区）上报"):
        send(village.office, area="1310")
