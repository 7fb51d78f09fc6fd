"""What a stored user name reads like, for whom."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import ImportBatch
from shian.registers.people.queries import actor_names
from shian.registers.people.tests.factories import OrganisationFactory, PostFactory, reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Alice of one county, Bob her superior in the city, Carol of another county, and an administrator."""
    people = {
        "alice": reach_user("alice", "131022"),
        "bob": reach_user("bob", "131000", Role.OFFICE),
        "carol": reach_user("carol", "131023"),
        "root": User.objects.create(username="root", display_name="root", role=Role.ADMIN),
    }
    User.objects.filter(username="alice").update(display_name="王安")
    return people


def told(viewer: User) -> dict[str, str]:
    return {name: str(text) for name, text in actor_names(["alice", "bob", "carol", "root", "gone"], viewer).items()}


def test_a_name_is_told_with_unit_and_post_inside_the_reach(cast):
    seen = told(cast["bob"])

    assert seen["alice"] == f"王安（{cast['alice'].person.posts.get().organisation.name}，科员）"
    assert seen["carol"].startswith("carol（")


def test_beyond_the_reach_only_the_role_is_told(cast):
    seen = told(cast["carol"])

    assert seen["alice"] == "县级监管人员"
    assert seen["bob"] == "创建办"
    assert seen["carol"].startswith("carol（")


def test_accounts_without_a_post_are_known_by_their_role(cast):
    User.objects.filter(username="root").update(display_name="李管")

    assert told(cast["alice"])["root"] == "李管（系统管理员）"


def test_an_account_that_does_not_exist_is_left_out(cast):
    assert "gone" not in told(cast["bob"])


def test_the_newest_post_is_the_one_told(cast):
    PostFactory(
        person=cast["alice"].person,
        organisation=OrganisationFactory(name="新单位"),
        title="所长",
        valid_from=date(2022, 1, 1),
    )

    assert told(cast["bob"])["alice"] == "王安（新单位，所长）"


def test_all_names_are_one_query(cast, django_assert_num_queries):
    viewer = User.objects.get(username="root")

    with django_assert_num_queries(1):
        told(viewer)


def add_batch(name: str) -> None:
    file = StoredFile.objects.create(
        sha256=f"{ImportBatch.objects.count():064d}", size=1, stored_at=timezone.now(), stored_by=name
    )
    ImportBatch.objects.create(
        importer="areas",
        name="a.csv",
        file=file,
        created_by=name,
        created_at=timezone.now(),
        effective_on=timezone.localdate(),
    )


def test_a_page_asks_for_all_its_actors_at_once(cast, client):
    """Two actors or four: the list of batches takes the same number of queries, and shows no user name."""
    client.force_login(cast["root"])
    client.get(reverse("imports:batch_list"))
    counts = []
    for names in (["alice", "demo"], ["bob", "carol", "root", "cli"]):
        for name in names:
            add_batch(name)
        with CaptureQueriesContext(connection) as captured:
            text = client.get(reverse("imports:batch_list")).content.decode()
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert "王安（" in text
    assert "演示数据" in text
    assert "命令行" in text
    assert ">alice<" not in text
