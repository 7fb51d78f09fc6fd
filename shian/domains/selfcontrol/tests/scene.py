"""A small city for tests: divisions, operators, staff, and the people of one restaurant."""

from datetime import UTC, date, datetime
from typing import Any

from shian.domains.selfcontrol.actions.accounts import open_operator_account
from shian.domains.selfcontrol.models import Duty
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.tests.factories import make_divisions
from shian.registers.operators.models import Operator, OperatorVersion
from shian.registers.people.tests.factories import reach_user

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in China
TODAY = date(2026, 11, 18)
AREAS = (
    ("130000", "河北省", "province", "省", ""),
    ("131000", "廊坊市", "city", "地级市", "13"),
    ("131002", "安次区", "county", "市辖区", "1310"),
    ("131022", "固安县", "county", "县", "1310"),
    ("131002100", "落垡镇", "township", "镇", "131002"),
    ("131022100", "固安镇", "township", "镇", "131022"),
)


def make_areas() -> None:
    """The divisions of AREAS."""
    make_divisions(AREAS)


def make_operator(code: str, area: str = "131022100", **given: Any) -> Operator:
    """A middle-sized restaurant with its dated version."""
    shape = {
        "kind": "餐饮服务",
        "format": "中型餐馆",
        "stage": "餐饮",
        "size": "中型",
        **columns_of_key(key_of_code(area)),
    }
    own = {
        "code": code, "name": f"主体{code}", "area_code": area, "address": "某路1号", "opened_on": date(2020, 1, 1),
        "updated_at": NOW,
    }  # fmt: skip
    names = {*shape, "small_kind"}
    shape |= {name: value for name, value in given.items() if name in names}
    own |= {name: value for name, value in given.items() if name not in names}
    operator = Operator.objects.create(**shape, **own)
    OperatorVersion.objects.create(
        operator=operator, valid_from=operator.opened_on, valid_to=operator.closed_on, **shape
    )
    return operator


class Scene:
    """固安镇's restaurant R-1 with principal, director and officer; R-2 beside it, F-1 (a producer) in 安次区."""

    def __init__(self) -> None:
        make_areas()
        self.station = reach_user("bob", "131022100", Role.STATION)
        self.county = reach_user("alice", "131022", Role.COUNTY)
        self.other = reach_user("carol", "131002", Role.COUNTY)
        self.office = reach_user("office", "131000", Role.OFFICE)
        self.own, self.beside = make_operator("R-1"), make_operator("R-2")
        self.producer = make_operator(
            "F-1", "131002100", kind="食品生产", format="大型食品生产企业", stage="生产", size="大型"
        )
        self.principal = self.person("赵一", Duty.PRINCIPAL)
        self.director = self.person("钱二", Duty.DIRECTOR)
        self.officer = self.person("孙三", Duty.OFFICER)

    def person(self, name: str, duty: Duty, operator: Operator | None = None) -> User:
        """Somebody who may sign in for the operator."""
        user, _code = open_operator_account(operator=operator or self.own, name=name, duty=duty, by="test", at=NOW)
        return user
