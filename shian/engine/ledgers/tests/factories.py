"""A small city with something in every register: two counties, three townships, operators, units and ledger rows."""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from shian.engine.ledgers.declarations import Ledger, all_ledgers
from shian.engine.ledgers.fields import LedgerField
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.rules import code_of_key, columns_of_key, key_of_code, level_of_key
from shian.registers.areas.models import Area, AreaPopulation
from shian.registers.operators.models import SMALL_KINDS, STAGES, Operator, OperatorVersion
from shian.registers.people.models import Organisation, Person, Post

AS_OF = date(2022, 11, 24)
CITY, SOUTH, NORTH = "1310", "131002", "131022"
TOWNS = ("131002001", "131002100", "131022100")
AREAS = {
    "13": ("河北省", "省"), CITY: ("廊坊市", "地级市"), SOUTH: ("安次区", "市辖区"), NORTH: ("固安县", "县"),
    "131002001": ("银河南路街道", "街道"), "131002100": ("落垡镇", "镇"), "131022100": ("固安镇", "镇"),
    "131002100201": ("一村", "行政村"),
}  # fmt: skip
FORMATS = {"种植": "农场", "生产": "小型食品生产企业", "流通": "便利店", "餐饮": "小型餐馆"}


def make_area(key: str, *, valid_from: date = date(2000, 1, 1), valid_to: date | None = None, **more) -> Area:
    name, kind = AREAS.get(key, (f"区划{key}", "镇"))
    return Area.objects.create(
        code=code_of_key(key), key=key, level=level_of_key(key).value, name=name, kind=more.pop("kind", kind),
        parent_key=more.pop("parent_key", ""), valid_from=valid_from, valid_to=valid_to, **more, **columns_of_key(key),
    )  # fmt: skip


def make_areas() -> None:
    for key in AREAS:
        make_area(key, area_km2=Decimal("600.5") if len(key) == 6 else None, campaign_batch=4 if key == CITY else None)
    for town in TOWNS:
        for year in (2020, 2021):
            AreaPopulation.objects.create(
                area_code=town, counted_on=date(year, 12, 31), residents=year * 10 + len(town), **columns_of_key(town)
            )


def make_operator(
    number: int, *, town: str = TOWNS[0], kind: str = "食品销售", stage: str = "流通", **more
) -> Operator:
    """An operator with its first version."""
    opened, closed = more.pop("opened_on", date(2020, 1, 1)), more.pop("closed_on", None)
    operator = Operator.objects.create(
        code=f"LF{number:06d}", name=more.pop("name", f"安次第{number}便利店"), kind=kind,
        small_kind=more.get("small_kind", ""), format=FORMATS.get(stage, "便利店"), stage=stage, area_code=town,
        address="某街1号", opened_on=opened, closed_on=closed, updated_at=timezone.now(), **columns_of_key(town),
    )  # fmt: skip
    make_version(operator, valid_from=opened, valid_to=closed)
    return operator


def make_version(operator: Operator, *, valid_from: date, valid_to: date | None = None, **changes) -> OperatorVersion:
    copied = ("kind", "small_kind", "format", "stage", "size", "province", "city", "county", "township", "village")
    values = {name: getattr(operator, name) for name in copied} | changes
    return OperatorVersion.objects.create(operator=operator, valid_from=valid_from, valid_to=valid_to, **values)


def make_operators() -> None:
    for number, stage in enumerate(STAGES * 2):
        make_operator(number, town=TOWNS[number % 3], stage=stage, kind="食品生产" if stage == "生产" else "食品销售")
    for number, small in enumerate(SMALL_KINDS, 100):
        make_operator(number, town=TOWNS[0], kind="三小", small_kind=small, stage="餐饮")
    for number, kind in enumerate(("农贸市场", "餐饮服务", "食品相关产品生产"), 200):
        make_operator(number, town=TOWNS[2], kind=kind)
    make_operator(300, closed_on=date(2022, 1, 1))
    make_operator(301, opened_on=date(2023, 1, 1))


def make_organisation(code: str, *, area: str = CITY, kind: str = "政府部门", **more) -> Organisation:
    return Organisation.objects.create(
        code=code, name=f"单位{code}", kind=kind, area_code=code_of_key(area),
        valid_from=more.pop("valid_from", date(2010, 1, 1)), **more, **columns_of_key(area),
    )  # fmt: skip


def make_organisations() -> None:
    make_organisation("D1", is_campaign_department=True)
    make_organisation("D2", is_campaign_department=True, valid_to=date(2021, 1, 1))
    for kind in ("指挥部办公室", "工作组", "督查片区"):
        make_organisation(kind, kind=kind)
    for town in TOWNS[:2]:
        make_organisation(f"B{town}", area=town, kind="议事机构")


def make_ledger_row(ledger: Ledger, number: int, area: str, **data) -> LedgerRow:
    """A row with these data and the columns that follow from them."""
    iso = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    if ledger.area:
        iso[ledger.area] = code_of_key(area)

    def day(name: str) -> date | None:
        return date.fromisoformat(iso[name]) if name and iso.get(name) else None

    return LedgerRow(
        ledger=ledger.key, key=f'["{number}"]', data=iso, occurs_on=day(ledger.occurs_on),
        operator_code=iso.get(ledger.operator, "") if ledger.operator else "",
        organisation_code=iso.get(ledger.organisation, "") if ledger.organisation else "",
        valid_from=day(ledger.valid_from), valid_to=day(ledger.valid_to),
        updated_at=timezone.now(), updated_by="test", **columns_of_key(area),
    )  # fmt: skip


def make_ledger_rows(count: int = 60) -> None:
    """Rows of every ledger in the packs, drawn by a fixed generator over the whole of what each field allows."""
    draw = random.Random(20221124)
    for ledger in all_ledgers().values():
        rows = []
        for number in range(count):
            area = draw.choice([CITY, CITY, SOUTH, NORTH, *TOWNS])
            data = {each.name: _drawn(each, draw) for each in ledger.fields}
            if ledger.valid_to:
                data[ledger.valid_to] = data[ledger.valid_from] + timedelta(days=400) if number % 2 else None
            kept = {name: value for name, value in data.items() if value is not None}
            rows.append(make_ledger_row(ledger, number, area, **kept))
        LedgerRow.objects.bulk_create(rows)


def _drawn(field: LedgerField, draw: random.Random):
    if field.enum:
        return draw.choice(field.enum)
    match field.type:
        case "boolean":
            return draw.random() < 0.6
        case "date":
            return date(2019, 1, 1) + timedelta(days=draw.randrange(1700))
        case "year":
            return draw.randint(2018, 2023)
        case "integer":
            return draw.randint(1, 9)
        case "number":
            return draw.randrange(1, 4000) / 100
        case "geopoint":
            return f"116.{draw.randrange(10, 99)},39.{draw.randrange(10, 99)}"
        case "uri":
            return f"https://example.org/{draw.randrange(99)}"
        case "image" | "file":
            return None
    return f"甲{draw.randint(1, 12)}"


def make_user(username: str, role: Role, *areas: str, kind: str = "监管人员") -> User:
    """A user with a post for each area."""
    user = User.objects.create_user(username=username, role=role)
    person = Person.objects.create(person_no=f"P{username}", name=username, user=user)
    for area in areas:
        unit = make_organisation(f"U{username}{area}", area=area)
        Post.objects.create(
            person=person, organisation=unit, title="工作人员", kind=kind, area_code=code_of_key(area),
            valid_from=date(2015, 1, 1), **columns_of_key(key_of_code(code_of_key(area))),
        )  # fmt: skip
    return user
