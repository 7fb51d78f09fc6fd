"""Who takes an operator: level, area, load, line of work; the same again gives the same."""

import random
from collections import Counter
from datetime import date

from shian.domains.duties.queries.standards import match_rules_at
from shian.domains.duties.rules.matching import WIDTH, Candidate, Need, assign

RULES = match_rules_at(date(2022, 11, 24))
SHOP, SCHOOL = "便利店", "学校食堂"


def need(key: int, tier: str = "D", area: str = "131022100201", name: str = SHOP) -> Need:
    return Need(key, tier, area, name)


def cadre(key: int, level: str = "village", area: str = "131022100201", **more) -> Candidate:
    return Candidate(key, f"G{key:02d}", level, area, **more)


def test_an_operator_gets_an_official_of_its_level_and_area() -> None:
    officials = [cadre(1, "county", "131022"), cadre(2, "county", "131002"), cadre(3), cadre(4, "city", "1310")]

    found = assign([need(1, "B"), need(2, "D"), need(3, "A")], officials, RULES)

    assert {each.need.key: each.official for each in found} == {1: 1, 2: 3, 3: 4}


def test_loads_are_balanced_on_top_of_what_is_there() -> None:
    found = assign([need(key) for key in range(6)], [cadre(1, load=3), cadre(2), cadre(3, load=1)], RULES)

    loads = Counter({1: 3, 3: 1}) + Counter(each.official for each in found)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_heads_take_the_first() -> None:
    found = assign([need(1, "A")], [cadre(1, "city", "1310"), cadre(2, "city", "1310", is_head=True)], RULES)

    assert found[0].official == 2


def test_schools_go_to_who_is_in_charge_of_education() -> None:
    officials = [cadre(1, "county", "131022"), cadre(2, "county", "131022", charge="教育", load=RULES.load_warning - 1)]

    found = assign([need(1, "B", name=SCHOOL), need(2, "B", name=SHOP), need(3, "B", name=SCHOOL)], officials, RULES)

    assert [(each.official, each.why) for each in found] == [(2, "charge"), (1, "area"), (1, "area")]


def test_a_village_without_an_official_is_helped_out_by_its_township() -> None:
    found = assign([need(1, area="131022100202"), need(2, area="131022100")], [cadre(1)], RULES)

    assert [(each.official, each.why) for each in found] == [(1, "neighbour"), (1, "neighbour")]


def test_nobody_of_the_level_leaves_a_gap() -> None:
    found = assign([need(1, "C"), need(2, "D", "131002100201")], [cadre(1), cadre(2, "county", "131022")], RULES)

    assert [(each.official, each.why) for each in found] == [(None, "nobody"), (None, "nobody")]


def test_the_order_of_what_comes_in_changes_nothing() -> None:
    dice = random.Random(7)
    areas = [f"1310221{number:02d}2{place:02d}" for number in range(3) for place in range(4)]
    needs = [need(key, "D", dice.choice(areas)) for key in range(200)]
    officials = [cadre(key, area=dice.choice(areas)) for key in range(30)]
    first = assign(needs, officials, RULES)

    dice.shuffle(needs)
    dice.shuffle(officials)

    assert assign(needs, officials, RULES) == first
    areas_of = {each.key: each.area for each in officials}
    assert all(
        each.need.area[: WIDTH["township"]] == areas_of[each.official][: WIDTH["township"]]
        for each in first
        if each.official
    )
