"""Operators helped before the evaluation: each is ready, or says what is missing and who helps."""

from datetime import date

import pytest
from django.urls import reverse

from shian.domains.fieldchecks.queries.preparing import PAPERS, prepared_operators
from shian.domains.fieldchecks.tests.factories import AT, DAY
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def make_row(number, area="131022100", category="小餐饮", **told):
    data = {
        "list_no": number,
        "firm": f"企业{number}",
        "category": category,
        "helper": "张三",
        "chosen_on": "2022-10-01",
        **told,
    }
    return LedgerRow.objects.create(
        ledger="evaluation_operators", key=f'["{number}"]', data=data, organisation_code="131022-SAMR",
        valid_from=date(2022, 10, 1), updated_at=AT, updated_by="test", **columns_of_key(area),
    )  # fmt: skip


@pytest.fixture
def rows(people):
    OrganisationFactory(code="131022-SAMR", name="固安县市场监督管理局", area_code="131022")
    everything = dict.fromkeys(PAPERS, "2022-10-10")
    make_row("1", **everything, ready_on="2022-10-12")
    make_row("2", **everything)
    make_row("3", category="食杂店", licence_on="2022-10-05")
    make_row("4", area="131002100")


def test_each_is_ready_or_says_what_is_missing_and_who_helps(people, rows):
    found = {each.row.data["list_no"]: each for each in prepared_operators(people["office"], "", DAY)}

    assert found["1"].is_ready
    assert (found["2"].is_ready, found["2"].missing) == (False, ())
    assert found["3"].missing == ("purchase_on", "selfcheck_on", "staff_on", "premises_on")
    assert found["3"].helping_unit == "固安县市场监督管理局"


def test_the_page_shows_own_areas_and_who_helps(client, people, rows):
    client.force_login(people["station"])

    page = client.get(reverse("fieldchecks:preparation_list")).content.decode()

    assert "企业3" in page
    assert "企业4" not in page
    assert "进货查验记录、自查记录、健康证和培训记录、场所环境" in page
    assert "张三" in page
    ready = client.get(reverse("fieldchecks:preparation_list"), {"state": "ready"}).content.decode()
    assert "企业1" in ready
    assert "企业3" not in ready
    client.force_login(people["reviewer"])
    assert client.get(reverse("fieldchecks:preparation_list")).status_code == 403
