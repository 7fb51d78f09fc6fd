"""People of operators: made by the station, seeing their own business and nothing else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.selfcontrol.actions.accounts import bind_account, end_operator_account, open_operator_account
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.models import Duty, OperatorAccount, SafetyStaff
from shian.domains.selfcontrol.queries.accounts import duty_of, own_operators
from shian.domains.selfcontrol.tests.scene import NOW, TODAY
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.tests.entrance import confirmed
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.tests.desk import at_the_desk_of, counted
from shian.registers.operators.models import Operator

pytestmark = pytest.mark.django_db


def test_the_station_opens_an_account_with_a_one_time_code(scene):
    user, code = open_operator_account(operator=scene.own, name="李四", duty=Duty.OFFICER, by=scene.station, at=NOW)

    assert (user.username, user.role, user.has_usable_password()) == ("R-1-4", Role.OPERATOR, False)
    assert len(code) == 14
    entry = Entry.objects.get(action="selfcontrol.account_opened", data__username="R-1-4")
    assert (entry.subject, entry.actor) == ("selfcontrol.operator:R-1", "bob")


def test_who_may_not_open_one(scene):
    with pytest.raises(OutOfReach):
        open_operator_account(operator=scene.own, name="李四", duty=Duty.OFFICER, by=scene.other, at=NOW)
    with pytest.raises(PermissionDenied):
        open_operator_account(operator=scene.own, name="李四", duty=Duty.OFFICER, by=scene.principal, at=NOW)
    scene.own.closed_on = TODAY
    with pytest.raises(DutyRefused):
        open_operator_account(operator=scene.own, name="李四", duty=Duty.OFFICER, by=scene.station, at=NOW)


def test_the_reach_is_the_own_business_and_no_area(scene):
    reach = reach_of(scene.officer)

    assert (reach.operators, reach.keys, reach.organisations, reach.everything) == ((scene.own.pk,), (), (), False)
    assert not Operator.objects.visible_to(scene.officer).exists()
    assert {each.operator_id for each in OperatorAccount.objects.visible_to(scene.officer)} == {scene.own.pk}
    assert not OperatorAccount.objects.visible_to(scene.other).filter(operator=scene.own).exists()


def test_one_account_may_answer_for_two_businesses(scene):
    bind_account(
        operator=scene.beside, username=scene.principal.username, duty=Duty.PRINCIPAL, by=scene.station, at=NOW
    )
    again = User.objects.get(pk=scene.principal.pk)

    assert [each.code for each in own_operators(again)] == ["R-1", "R-2"]
    with pytest.raises(DutyRefused):
        bind_account(operator=scene.beside, username=again.username, duty=Duty.OFFICER, by=scene.station, at=NOW)
    with pytest.raises(DutyRefused):
        bind_account(operator=scene.beside, username="alice", duty=Duty.OFFICER, by=scene.station, at=NOW)


def test_an_account_that_ended_reaches_nothing(scene):
    account = OperatorAccount.objects.get(user=scene.officer)
    end_operator_account(account=account, by=scene.station, at=NOW)

    assert duty_of(scene.officer, scene.own.pk, TODAY) is None
    assert reach_of(User.objects.get(pk=scene.officer.pk)).operators == ()


def test_the_wall_shows_staff_of_the_own_business_and_of_the_own_area_only(scene):
    for operator in (scene.own, scene.beside, scene.producer):
        SafetyStaff.objects.create(operator=operator, person_no=f"S-{operator.code}", person_name="周五")

    def seen_by(user):
        with at_the_desk_of(user):
            return counted("selfcontrol_safetystaff")

    assert [seen_by(each) for each in (scene.officer, scene.station, scene.other, scene.office)] == [1, 2, 1, 3]


def test_home_is_the_portal_and_staff_pages_refuse(scene, client):
    client.force_login(scene.officer)
    desk = reverse("operator:desk_detail", args=["R-1"])

    assert client.get("/").url == reverse("operator:home")
    assert client.get(reverse("operator:home")).url == desk
    assert client.get(desk).status_code == 200
    assert client.get(reverse("operator:desk_detail", args=["R-2"])).status_code == 404
    assert client.get(reverse("operator:desk_detail", args=["none"])).status_code == 404
    for name, args in (("census:operator_list", ()), ("census:operator_detail", ("R-1",)), ("ledgers:ledger_list", ())):
        assert client.get(reverse(name, args=args)).status_code == 403
    assert Entry.objects.filter(action="scope.refused", actor=scene.officer.username).count() == 1


def test_the_page_opens_accounts_and_refuses_wrong_input(scene, client):
    client.force_login(scene.station)
    confirmed(client, scene.station)
    url = reverse("selfcontrol:account_open", args=["R-1"])

    assert "填且只填一项" in client.post(url, {"duty": "officer"}).content.decode()
    done = client.post(url, {"duty": "officer", "name": "李四"}, follow=True)
    assert "R-1-4 的激活码" in done.content.decode()
    assert "待激活" in done.content.decode()
    assert client.get(reverse("selfcontrol:account_open", args=["F-1"])).status_code == 404
    account = OperatorAccount.objects.get(user__username="R-1-4")
    client.post(reverse("selfcontrol:account_end", args=[account.pk]))
    account.refresh_from_db()
    assert account.valid_to == TODAY
