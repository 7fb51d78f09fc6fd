from datetime import UTC, datetime

import pytest

from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level
from shian.registers.people.actions import HasAccount, NoPost, create_demo_accounts, open_account
from shian.registers.people.rules import role_of_post
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "level", "role"),
    [
        ("创建办人员", Level.CITY, "office"),
        ("联络员", Level.CITY, "department"),
        ("评审人员", Level.CITY, "reviewer"),
        ("领导", Level.CITY, "department"),
        ("联络员", Level.COUNTY, "county"),
        ("领导", Level.COUNTY, "county"),
        ("站长", Level.TOWNSHIP, "station"),
        ("监管人员", Level.TOWNSHIP, "station"),
    ],
)
def test_role_follows_post_and_level(kind: str, level: Level, role: str) -> None:
    assert role_of_post(kind, level) == role


@pytest.mark.django_db
def test_opening_an_account_gives_a_code_and_the_reach_of_the_post() -> None:
    post = PostFactory(kind="站长", area_code="131022100")

    user, code = open_account(person=post.person, by="root", at=AT)

    assert user.role == Role.STATION
    assert not user.has_usable_password()
    assert len(code) == 14
    assert reach_of(User.objects.get(pk=user.pk)).keys == ("131022100",)
    assert Entry.objects.filter(action="people.account_opened").count() == 1


@pytest.mark.django_db
def test_a_person_has_one_account() -> None:
    post = PostFactory()
    open_account(person=post.person, by="root", at=AT)

    with pytest.raises(HasAccount):
        open_account(person=post.person, by="root", at=AT)


@pytest.mark.django_db
def test_without_a_post_there_is_no_account() -> None:
    with pytest.raises(NoPost):
        open_account(person=PersonFactory(), by="root", at=AT)


@pytest.mark.django_db
def test_demo_accounts_are_made_once() -> None:
    bureau = OrganisationFactory(code="1310-AGRI", area_code="131000")
    PostFactory(kind="联络员", organisation=bureau, area_code="131000")
    wanted = {"agriculture": {"kind": "联络员", "organisation__code": "1310-AGRI"}, "nobody": {"kind": "站长"}}

    made = create_demo_accounts(wanted=wanted, by="demo", at=AT)
    again = create_demo_accounts(wanted=wanted, by="demo", at=AT)

    assert [each["username"] for each in made] == ["admin", "security", "auditor", "agriculture"]
    assert again == []
    assert User.objects.get(username="agriculture").check_password(made[-1]["password"])
