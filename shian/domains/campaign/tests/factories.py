"""A small city for tests: one city, two counties (one of them 131000's neighbour in digits), three townships."""

from datetime import UTC, date, datetime

from django.conf import settings

from shian.domains.campaign.actions import load_standard, put_in_force
from shian.domains.campaign.models import Standard
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.tests.factories import make_divisions
from shian.registers.people.models import Organisation, Person, Post
from tests.kept import make_once

PACKS = settings.SHIAN_PACKS
AT = datetime(2022, 11, 24, 9, 0, tzinfo=UTC)
AS_OF = date(2022, 11, 24)
AREAS = (
    ("130000", "河北省", "province", "省", ""),
    ("131000", "廊坊市", "city", "地级市", "13"),
    ("131002", "安次区", "county", "市辖区", "1310"),
    ("131022", "固安县", "county", "县", "1310"),
    ("131002100", "落垡镇", "township", "镇", "131002"),
    ("131022100", "固安镇", "township", "镇", "131022"),
    ("131022101", "宫村镇", "township", "镇", "131022"),
    ("131100", "衡水市", "city", "地级市", "13"),
    ("131102", "桃城区", "county", "市辖区", "1311"),
)


def make_areas() -> None:
    """The divisions of AREAS."""
    make_divisions(AREAS)


def make_standard() -> Standard:
    """The standard of 2021 in force: loaded once, as its four hundred rows stand at the beginning of most tests."""
    if settings.SHIAN_PACKS != PACKS or Standard.objects.exists():
        return _load()
    make_once("campaign standard", _load)
    return Standard.objects.get()


def _load() -> Standard:
    path = settings.SHIAN_PACKS / "criteria" / "2021.yaml"
    return put_in_force(standard=load_standard(path=path, by="office", at=AT), by="office", at=AT)


def make_organisation(department: str, area: str = "131000", **given: object) -> Organisation:
    key = key_of_code(area)
    values = {
        "code": f"{key}-{department}", "name": f"{department}局", "short_name": department, "kind": "政府部门",
        "area_code": area, "department_code": department, "is_campaign_department": True,
        "valid_from": date(2019, 1, 1), **columns_of_key(key),
    }  # fmt: skip
    return Organisation.objects.create(**{**values, **given})


def make_user(username: str, role: Role, area: str = "131000") -> User:
    """A user whose one post is in a unit of the area."""
    user = User.objects.create_user(username, password="long-enough-1", role=role)
    person = Person.objects.create(person_no=username, name=username, user=user)
    unit = make_organisation(f"U{username.upper()}", area, is_campaign_department=False)
    Post.objects.create(
        person=person, organisation=unit, title="工作人员", kind="创建办人员", area_code=area,
        valid_from=date(2019, 1, 1), **columns_of_key(key_of_code(area)),
    )  # fmt: skip
    return user
