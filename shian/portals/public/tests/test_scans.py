"""An inspector who holds up a phone in front of a code: the check's form, if there is a check to do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.census import actions
from shian.domains.census.rules.codes import signed_token
from shian.domains.fieldchecks.tests.factories import make_areas, make_formats, make_operator, make_point
from shian.domains.fieldchecks.tests.visits import Crew

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings, tmp_path):
    """An operator with a code, a crew that is sent there."""
    settings.SHIAN_HOME = tmp_path
    make_areas()
    make_formats()
    operator, crew = make_operator("OP-1"), Crew()
    actions.issue_missing_codes(by="worker", at=timezone.now())
    (visit,) = crew.sent_to(make_point("P-1", operator=operator))
    return operator, crew, visit


def scanned(client, user, operator):
    client.force_login(user)
    return client.get(f"/c/{signed_token(operator.codes.latest('pk').serial, actions.signing_key())}")


def test_the_scan_opens_the_form_of_the_check_that_the_inspector_has_to_do(client, scene):
    operator, crew, visit = scene
    form = reverse("fieldchecks:field_visit_check", args=[visit.pk])

    assert scanned(client, crew.lead, operator).url == form
    assert client.get(form).status_code == 200
    assert scanned(client, crew.second, operator).url == form


def test_staff_without_a_check_there_read_the_file(client, scene):
    operator, crew, _visit = scene

    assert scanned(client, crew.station, operator).url == reverse("census:operator_detail", args=["OP-1"])


def test_a_revoked_code_says_so_and_opens_no_check(client, scene):
    operator, crew, _visit = scene
    code = operator.codes.latest("pk")
    actions.revoke_code(operator=operator, reason="标签丢失", by=crew.county, at=timezone.now())
    client.force_login(crew.lead)

    answer = client.get(f"/c/{signed_token(code.serial, actions.signing_key())}", follow=True)

    assert answer.request["PATH_INFO"] == reverse("census:operator_detail", args=["OP-1"])
    assert "已作废" in answer.content.decode()


def test_the_tab_of_points_offers_the_check_to_who_is_sent_and_to_send_somebody_to_the_office(client, scene):
    _operator, crew, visit = scene
    tab = reverse("census:operator_detail", args=["OP-1"]) + "?tab=points"
    form = reverse("fieldchecks:field_visit_check", args=[visit.pk])

    client.force_login(crew.lead)
    assert form in client.get(tab).content.decode()
    client.force_login(crew.station)
    assert form not in client.get(tab).content.decode()
    client.force_login(crew.county)
    assert reverse("fieldchecks:field_visit_create") + "?point=P-1" in client.get(tab).content.decode()
