from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.campaign.tests.loops import opened
from shian.domains.duties.tests.factories import VILLAGE, make_areas, make_official, matched
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.scope.rules import columns_of_key
from shian.portals.office.queries import changes_for, desk_of, owed_by_units, tasks_of
from shian.registers.people.models import Person
from shian.registers.people.tests.factories import reach_user

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def batch(name: str, *, state: BatchState, by: str = "alice", area: str = "131022", package: str = "") -> ImportBatch:
    file, _ = StoredFile.objects.get_or_create(
        sha256=name.ljust(64, "0"), defaults={"name": name, "kind": "csv", "size": 1, "stored_at": AT, "stored_by": by}
    )
    accepted = state == BatchState.ACCEPTED
    return ImportBatch.objects.create(
        importer="operators",
        file=file,
        name=name,
        package=package,
        state=state,
        effective_on=AT.date(),
        rows_new=1200,
        created_by=by,
        created_at=AT,
        finished_by=by if accepted else "",
        finished_at=AT if accepted else None,
        entry="00000000-0000-7000-8000-000000000000" if accepted else None,
        **columns_of_key(area),
    )


@pytest.fixture
def alice() -> User:
    return reach_user("alice", "131022", Role.COUNTY)


def test_a_stopped_import_is_the_first_task(alice: User) -> None:
    batch("待接收.csv", state=BatchState.CHECKED)
    batch("合计不符.csv", state=BatchState.STOPPED)

    tasks = tasks_of(alice, desk_of(alice))

    assert [task.title for task in tasks] == ["合计不符.csv", "待接收.csv"]


def test_another_users_import_is_not_my_work(alice: User) -> None:
    batch("别人的.csv", state=BatchState.CHECKED, by="bob")

    assert tasks_of(alice, desk_of(alice)) == []


def test_the_office_sees_what_waits_in_its_city() -> None:
    carol = reach_user("carol", "131000", Role.OFFICE)
    batch("县里的.csv", state=BatchState.STOPPED, by="bob")

    assert [task.title for task in tasks_of(carol, desk_of(carol))] == ["县里的.csv"]


def test_files_of_one_package_are_one_change(alice: User) -> None:
    for number in range(3):
        batch(f"{number}.csv", state=BatchState.ACCEPTED, package="langfang")
    batch("一个文件.csv", state=BatchState.ACCEPTED)

    changes = changes_for(alice, None)

    assert sorted(str(change.title) for change in changes) == ["导入一个文件.csv", "导入数据包langfang，3 个文件"]
    assert "新增 3,600 行，变更 0 行" in {str(change.body) for change in changes}


def test_files_that_came_alone_are_changes_of_their_own(alice: User) -> None:
    for number in range(2):
        batch(f"{number}.csv", state=BatchState.ACCEPTED)

    changes = changes_for(alice, None)

    assert sorted(str(change.title) for change in changes) == ["导入0.csv", "导入1.csv"]
    assert {str(change.body) for change in changes} == {"新增 1,200 行，变更 0 行"}


def test_a_change_opens_only_for_who_may_import(alice: User) -> None:
    batch("一个文件.csv", state=BatchState.ACCEPTED)
    dora = reach_user("dora", "131022", Role.REVIEWER)

    assert [bool(change.url) for change in changes_for(alice, None)] == [True]
    assert [bool(change.url) for change in changes_for(dora, None)] == [False]


def test_changes_elsewhere_are_not_shown(alice: User) -> None:
    batch("邻县.csv", state=BatchState.ACCEPTED, by="bob", area="131023")

    assert changes_for(alice, None) == []


def test_home_says_what_to_do_before_the_first_evaluation(client: Client, alice: User) -> None:
    client.force_login(alice)

    page = client.get(reverse("office:home")).content.decode()

    assert "没有待办" in page
    assert "还没有评价结果" in page


def test_home_asks_a_bounded_number_of_questions(client: Client, alice: User, django_assert_max_num_queries) -> None:
    for number in range(20):
        batch(f"{number}.csv", state=BatchState.CHECKED)
    client.force_login(alice)

    with django_assert_max_num_queries(15):
        client.get(reverse("office:home"))


def test_cases_stand_before_everything_else_and_the_unit_sees_what_it_owes(client: Client) -> None:
    cast = Cast()
    stopped = batch("合计不符.csv", state=BatchState.STOPPED, by="1310-agri")
    late = opened(cast, "card", data={"basis": "会议纪要"}, due_on=date(2023, 3, 10))
    client.force_login(cast.officer)

    shown = client.get(reverse("office:home"))

    page = shown.content.decode()
    assert page.index(late.title) < page.index(stopped.name)
    assert "逾期" in page
    assert [(each.type.key, each.open, each.overdue) for each in owed_by_units(cast.officer, AT.date())] == [
        ("card", 1, 1)
    ]
    assert f"{reverse('cases:type_list', args=['card'])}?whose=unit" in page


def test_my_cases_cost_the_home_page_the_same_however_many_there_are(
    client: Client, django_assert_max_num_queries
) -> None:
    cast = Cast()
    client.force_login(cast.officer)
    client.get(reverse("office:home"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("office:home"))
    for _number in range(9):
        opened(cast, "task", due_on=date(2023, 3, 10))

    with django_assert_max_num_queries(len(one)):
        client.get(reverse("office:home"))


def test_an_official_of_a_village_has_a_first_page(client: Client) -> None:
    client.force_login(reach_user("vera", "131022100201", Role.OFFICIAL))

    assert client.get(reverse("office:home")).status_code == 200


def test_an_official_is_told_how_many_businesses_wait_for_a_visit_and_until_when(
    client: Client, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-22T10:00:00+08:00", tick=False)
    make_areas()
    vera = reach_user("vera", VILLAGE, Role.OFFICIAL)
    official = make_official(person=Person.objects.get(user=vera))
    for _each in range(2):
        matched("D", official)
    client.force_login(vera)

    page = client.get(reverse("office:home")).content.decode()

    assert "2 家包保主体待督导" in page
    assert "期限 2026-12-31" in page
    assert f'href="{reverse("duties:mine_detail")}"' in page
