"""An item and an operator show the cases about them, to whoever may see those."""

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.tests.factories import AS_OF
from shian.domains.campaign.tests.loops import opened
from shian.engine.cases.tables import case_url
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


def test_a_case_leads_to_its_item_and_its_operator(client: Client) -> None:
    cast = Cast()
    case = opened(cast, "problem", data={"severity": "一般"}, item_code="1.8.1", operator_code="LF-000001")
    client.force_login(cast.office)

    html = client.get(case_url(case)).content.decode()

    assert f'href="{reverse("campaign:item_detail", args=["1.8.1"])}"' in html
    assert f'href="{reverse("census:operator_detail", args=["LF-000001"])}"' in html


def test_an_item_lists_its_problems_in_its_area_and_keeps_area_and_day(evaluate, client: Client) -> None:
    evaluate()
    cast = Cast()
    opened(cast, "problem", item_code="1.1.1", data={"severity": "一般"})
    opened(cast, "problem", item_code="1.2.1", data={"severity": "一般"}, title="另一项的问题")
    client.force_login(reach_user("county", "131022", Role.COUNTY))
    url = reverse("campaign:item_detail", args=["1.1.1"])

    first = client.get(url, {"area": "131022", "as_of": str(AS_OF)}).content.decode()
    tab = client.get(url, {"area": "131022", "as_of": str(AS_OF), "tab": "cases"}).content.decode()

    assert "任务和问题" in first
    assert f"tab=cases&amp;area=131022&amp;as_of={AS_OF}" in first
    assert "冷库温度记录缺失" in tab
    assert "另一项的问题" not in tab
