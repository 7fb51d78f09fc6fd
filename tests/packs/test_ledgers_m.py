"""Ledgers of land, inputs, slaughter, grain and industry through the importer: what is refused, what adds up."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shian.engine.ledgers.conditions import holds
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.tests import factories
from shian.engine.measures.queries import figure
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import ImportProblem
from shian.registers.dictionaries.queries import dictionary
from shian.registers.dictionaries.rules import terms_in_force
from tools.democity.ledgers import city_ledgers

pytestmark = pytest.mark.django_db
PACKS = Path(__file__).parents[2] / "packs"
AT = datetime(2023, 5, 19, 9, tzinfo=UTC)
LANGFANG = ("131002", "131003", "131022", "131023", "131024", "131025", "131026", "131028", "131081", "131082")


@pytest.fixture(autouse=True)
def areas() -> None:
    for key in ("13", "1310", *LANGFANG, "2308", "230804"):
        factories.make_area(key, kind="地级市" if len(key) == 4 else "县")


def bring(folder: Path, key: str, rows: list[dict[str, Any]]) -> Any:
    names = [each.name for each in ledger(key).fields]
    stream = io.StringIO()
    sheet = csv.writer(stream)
    sheet.writerow(names)
    sheet.writerows([[_shown(row.get(name, "")) for name in names] for row in rows])
    path = folder / f"{key}-{len(list(folder.iterdir()))}.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    return import_path(path=path, importer=f"ledger.{key}", by="alice", at=AT)[0]


def _shown(value: Any) -> Any:
    return ("否", "是")[value] if isinstance(value, bool) else value


def demo_rows(key: str, city: str = "langfang") -> list[dict[str, Any]]:
    return [dict(row) for row in read_once(PACKS / "cities" / city)[key]["rows"]]


read_once = cache(city_ledgers)


def refusals(summary: Any) -> set[str]:
    assert summary.accepted == 0, summary
    return set(ImportProblem.objects.filter(severity="error").values_list("reason", flat=True))


def value(key: str, *, area: str = "131000", as_of: date = date(2022, 12, 31), period: str | None = None) -> Any:
    return figure(key, area=area, as_of=as_of, period=period).value


SOURCE = [
    "farmland_plots", "farmland_tasks", "pest_control_coverage", "farm_input_dealers", "farm_input_sales",
    "slaughter_batches", "dead_animals", "grain_plans", "grain_disposals", "grain_stores",
]  # fmt: skip


@pytest.mark.parametrize("key", SOURCE)
def test_every_demo_row_is_accepted(tmp_path: Path, key: str) -> None:
    rows = demo_rows(key)
    summary = bring(tmp_path, key, rows)

    told = list(ImportProblem.objects.values_list("column", "reason")[:3])
    assert (summary.rejected, summary.accepted) == (0, len(rows)), told


SALE = {
    "sale_no": "XS-1", "dealer_no": "TRP-1", "dealer": "丰农农资门市部", "area_code": "131002", "sold_on": "2022-05-06",
    "product": "乳油", "ingredient": "吡虫啉", "toxicity": "低毒", "quantity": "2", "is_fixed_point": "是",
}  # fmt: skip
RESTRICTED = {"ingredient": "灭多威", "toxicity": "高毒", "purpose": "棉铃虫"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ingredient": "甲胺磷"}, "有效成分属于禁用农药，不得销售"),
        ({"second_ingredient": "林丹"}, "第二有效成分属于禁用农药，不得销售"),
        (RESTRICTED, "限制使用农药没有登记购买人"),
        ({**RESTRICTED, "buyer": "某合作社", "is_fixed_point": "否"}, "非定点门店销售了限制使用农药"),
        ({**RESTRICTED, "ingredient": "甲拌磷", "buyer": "某合作社", "sold_on": "2024-09-01"},
         "有效成分自2024年9月1日起禁止销售"),
        ({"second_ingredient": "水胺硫磷", "purpose": "棉蚜", "buyer": "某合作社", "is_fixed_point": "是",
          "sold_on": "2024-09-01"}, "第二有效成分自2024年9月1日起禁止销售"),
        ({**RESTRICTED, "buyer": "某合作社", "is_fixed_point": "是", "sold_on": "2026-06-01"},
         "有效成分自2026年6月1日起禁止销售"),
        ({"ingredient": "毒死蜱", "purpose": "稻飞虱"}, "限制使用农药没有登记购买人"),
        ({"ingredient": "溴甲烷", "purpose": "草莓", "buyer": "某合作社"}, "溴甲烷只能用于检疫熏蒸"),
    ],
)  # fmt: skip
def test_a_banned_input_is_refused_and_a_restricted_one_needs_its_buyer(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    assert refusals(bring(tmp_path, "farm_input_sales", [{**SALE, **change}])) == {reason}


@pytest.mark.parametrize(
    "change",
    [{}, {**RESTRICTED, "buyer": "某合作社"}, {**RESTRICTED, "ingredient": "甲拌磷", "buyer": "某合作社"}],
)
def test_an_ordinary_sale_and_a_named_restricted_one_are_taken(tmp_path: Path, change: dict[str, str]) -> None:
    assert bring(tmp_path, "farm_input_sales", [{**SALE, **change}]).accepted == 1


@pytest.mark.parametrize("day", ["2022-05-06", "2023-01-29", "2024-08-31", "2024-09-01", "2026-05-31", "2026-06-01"])
def test_the_checks_of_sales_refuse_exactly_what_the_dictionary_bans_on_the_day(day: str) -> None:
    terms = terms_in_force(dictionary("farm_inputs").terms, date.fromisoformat(day), "1310")
    listed: dict[str, set[str]] = {}
    for term in terms:
        listed.setdefault(str(term.details["control"]), set()).add(term.name)
    checks = ledger("farm_input_sales").checks

    def named(sale: dict[str, Any], demand: str) -> set[str]:
        """The ingredients that such a sale on the day may not hold, as far as checks about `demand` tell."""
        about = [check for check in checks if check.demands[0].field == demand]
        found = {name for check in about for name in _names(check.conditions)}
        rows = {name: {**sale, "ingredient": name} for name in found}
        return {
            name
            for name, row in rows.items()
            if any(holds(check.conditions, row) and not holds(check.demands, row) for check in about)
        }

    sale = {"sold_on": date.fromisoformat(day), "is_fixed_point": False}
    banned = named(sale, "ingredient")
    fixed = named(sale, "is_fixed_point")
    assert banned == listed["禁用"]
    assert fixed - banned == listed["定点经营"] | listed["定点经营，仅检疫熏蒸"]
    assert named(sale, "buyer") - banned == (fixed - banned) | listed["限制使用"]


def _names(conditions: Any) -> set[str]:
    return {name for each in conditions if each.field == "ingredient" and each.operator == "in" for name in each.value}


def test_every_banned_or_restricted_input_names_its_notice_and_how_far_it_was_checked() -> None:
    for term in dictionary("farm_inputs").terms:
        assert "公告" in str(term.details["source"])
        assert term.details["checked"]


BATCH = {
    "plant": "某屠宰厂", "area_code": "131082", "batch_no": "1", "species": "生猪", "arrived_on": "2022-03-01",
    "entry_cert_no": "R1", "in_head": "100", "out_head": "98", "condemned_head": "2", "meat_cert_no": "P1",
    "disposal_no": "W1", "disposed_on": "2022-03-02", "disposal": "化制",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"condemned_head": "0"}, "进厂头数不等于出厂头数与不合格头数之和"),
        ({"out_head": "100"}, "进厂头数不等于出厂头数与不合格头数之和"),
        ({"out_head": "97"}, "进厂头数不等于出厂头数与不合格头数之和"),
        ({"disposal_no": ""}, "有不合格畜禽但没有无害化处理单号"),
        ({"meat_cert_no": ""}, "有肉品出厂但没有检疫合格证号"),
    ],
)
def test_a_batch_of_slaughter_that_does_not_add_up_is_refused(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    assert reason in refusals(bring(tmp_path, "slaughter_batches", [{**BATCH, **change}]))


LOT = {
    "lot_no": "CB-1", "store": "某粮库", "area_code": "131002", "variety": "小麦", "reason": "真菌毒素",
    "found_on": "2022-06-01", "found_t": "80", "stored_t": "30", "stored_at": "3号仓", "sold_t": "50",
    "buyer": "某饲料公司", "use": "饲料加工", "proof_no": "YT-1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"proof_no": ""}, "定向销售没有非食用用途证明"),
        ({"use": ""}, "定向销售没有填写非食用用途"),
        ({"stored_at": ""}, "隔离存放没有填写地点"),
        ({"sold_t": "0"}, "超标数量不等于隔离存放与定向销售数量之和"),
        ({"found_t": "80.5"}, "超标数量不等于隔离存放与定向销售数量之和"),
    ],
)
def test_substandard_grain_without_a_whole_trace_is_refused(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    assert reason in refusals(bring(tmp_path, "grain_disposals", [{**LOT, **change}]))


def test_food_is_no_use_of_substandard_grain(tmp_path: Path) -> None:
    assert bring(tmp_path, "grain_disposals", [{**LOT, "use": "口粮"}]).accepted == 0


def test_slaughter_and_substandard_grain_of_the_demo_add_up(tmp_path: Path) -> None:
    for key in ("slaughter_batches", "grain_disposals"):
        bring(tmp_path, key, demo_rows(key))

    assert value("slaughter_batches.in_heads") > 0
    assert value("slaughter_batches.balance") == 0
    assert value("slaughter_batches.disposed_rate") == 100
    assert value("grain_disposals.found") == 329.5  # 210.5 + 45 + 74 found in 2022
    assert value("grain_disposals.balance") == 0


def test_area_with_measures_over_area_due_by_county(tmp_path: Path) -> None:
    row = {
        "name": "地块",
        "area_code": "131002",
        "land_class": "安全利用类",
        "pollutant": "镉",
        "classed_on": "2020-12-20",
    }
    done = {"measure": "土壤调理", "measured_on": "2022-05-01"}
    bring(tmp_path, "farmland_plots", [
        {**row, **done, "plot_no": "1", "area_mu": "75"},
        {**row, "plot_no": "2", "area_mu": "25"},
        {**row, "plot_no": "3", "area_mu": "500", "land_class": "优先保护类"},
    ])  # fmt: skip

    assert value("farmland_plots.measured_rate", area="131002") == 75
    assert value("farmland_plots.due_mu") == 100


def test_pesticides_of_three_years_give_the_published_cut(tmp_path: Path) -> None:
    bring(tmp_path, "pesticides", demo_rows("pesticides"))

    assert value("pesticides.cut_2y", as_of=date(2021, 12, 31)) == 225
    assert round(value("pesticides.cut_2y_rate", as_of=date(2021, 12, 31)), 2) == Decimal("9.78")


def test_seven_stores_have_a_score_and_a_drying_balance(tmp_path: Path) -> None:
    bring(tmp_path, "grain_stores", demo_rows("grain_stores"))

    assert value("grain_stores.scored", as_of=AT.date(), period="2022") == 7
    assert value("grain_stores.drying_balance", as_of=AT.date(), period="2022") == 140
    assert value("grain_stores.drying_balance", area="131025", as_of=AT.date(), period="2022") == -10


def test_a_grade_and_its_score_agree(tmp_path: Path) -> None:
    row = {"store": "某粮库", "area_code": "131002", "year": "2022", "appraised_on": "2023-02-01"}

    summary = bring(tmp_path, "grain_stores", [{**row, "result": "优秀", "score": "72"}])
    assert refusals(summary) == {"考核结果为优秀但得分低于90分"}
    assert bring(tmp_path, "grain_stores", [{**row, "result": "优秀"}]).accepted == 1


def test_coverage_of_the_stores_is_sampled_over_stock(tmp_path: Path) -> None:
    bring(tmp_path, "grain_plans", demo_rows("grain_plans"))

    assert round(value("grain_plans.coverage", area="131002"), 1) == Decimal("35.8")
    assert value("grain_plans.stores_done") == value("grain_plans.stores") == 7
    (row,) = [each for each in demo_rows("grain_plans") if each["area_code"] == "131002"][:1]
    kept = LedgerRow.objects.get(ledger="grain_plans", data__store=row["store"], data__year=row["year"]).data
    assert float(kept["coverage"]) == round(row["sampled_t"] / row["stock_t"] * 100, 1)


def test_what_is_calculated_is_shown_by_row_and_never_typed(client: Any) -> None:
    client.force_login(factories.make_user("alice", Role.OFFICE, "1310"))
    form = client.get("/ledgers/grain_plans/create/").content.decode()
    assert 'name="sampled_t"' in form
    assert 'name="coverage"' not in form
    plan = {"store": "某粮库", "area_code": "131002", "year": "2022", "stock_t": "4000", "due_t": "1000",
            "sampled_t": "900", "counted_on": "2022-12-31", "coverage": "99"}  # fmt: skip

    client.post("/ledgers/grain_plans/create/", plan)
    row = LedgerRow.objects.get(ledger="grain_plans")
    assert row.data["coverage"] == 22.5
    assert "覆盖不足25%" in client.get("/ledgers/grain_plans/").content.decode()
    client.post(f"/ledgers/grain_plans/{row.pk}/correct/", {**plan, "sampled_t": "1300"})
    row.refresh_from_db()
    assert row.data["coverage"] == 32.5


INDUSTRY = [
    ("coldchain_sites", "langfang"), ("farm_standards", "langfang"), ("study_visits", "langfang"),
    ("industry_clusters", "langfang"), ("awards_brands", "langfang"), ("producer_help", "qianjin"),
    ("producer_help", "langfang"), ("industry_projects", "langfang"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "city"), INDUSTRY)
def test_every_demo_row_of_industry_is_accepted(tmp_path: Path, key: str, city: str) -> None:
    rows = demo_rows(key, city)
    summary = bring(tmp_path, key, rows)

    assert (summary.rejected, summary.accepted) == (0, len(rows)), list(
        ImportProblem.objects.values_list("column", "reason")[:3]
    )


def test_sites_without_a_device_are_counted_apart(tmp_path: Path) -> None:
    bring(tmp_path, "coldchain_sites", demo_rows("coldchain_sites"))

    without = [row for row in demo_rows("coldchain_sites") if row["state"] == "运行" and not row["has_device"]]
    assert value("coldchain_sites.without_device") == len(without) > 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"device_no": ""}, "装有监控但没有填写设备编号"),
        ({"location": ""}, "固定网点没有填写位置"),
    ],
)
def test_a_site_without_position_or_device_number_is_refused(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    site = {
        "site_no": "LL-1", "name": "冷库", "kind": "骨干冷库", "area_code": "131002", "location": "116.70000,39.52000",
        "state": "运行", "has_device": "是", "device_no": "WK-1", "planned_on": "2020-01-01",
        "running_from": "2021-01-01",
    }  # fmt: skip

    assert refusals(bring(tmp_path, "coldchain_sites", [{**site, **change}])) == {reason}


def test_two_provincial_quality_awards_with_their_years(tmp_path: Path) -> None:
    bring(tmp_path, "awards_brands", demo_rows("awards_brands"))

    rows = [row for row in demo_rows("awards_brands") if row["kind"] == "政府质量奖" and row["level"] == "省级"]
    assert value("awards_brands.provincial_quality_awards") == 2
    assert [row["year"] for row in rows] == [2019, 2021]


def test_only_marks_in_force_on_the_day_count(tmp_path: Path) -> None:
    mark = {"kind": "绿色食品", "product": "番茄", "holder": "某合作社", "area_code": "131002"}
    bring(tmp_path, "quality_marks", [
        {**mark, "certificate_no": "1", "valid_from": "2020-01-01", "valid_to": "2022-06-01"},
        {**mark, "certificate_no": "2", "valid_from": "2021-01-01"},
    ])  # fmt: skip

    days = (date(2020, 6, 1), date(2022, 5, 31), date(2022, 6, 1))
    assert [value("quality_marks.green", as_of=day) for day in days] == [1, 2, 1]


def test_six_clusters_and_the_distance_of_each_county_to_ten_billion(tmp_path: Path) -> None:
    bring(tmp_path, "industry_clusters", demo_rows("industry_clusters"))

    assert value("industry_clusters.over_1bn", as_of=AT.date()) == 6
    distances = LedgerRow.objects.filter(ledger="industry_clusters", data__year=2022).values_list("data", flat=True)
    assert [each["to_target"] for each in distances if each["cluster"].startswith("三河")] == [Decimal("28.1")]
    assert all(each["to_target"] == 100 - each["output"] for each in distances)
    assert value("industry_clusters.to_ten_billion", area="131082", as_of=AT.date()) == Decimal("28.1")
    assert value("industry_clusters.to_ten_billion", area="131026", as_of=AT.date()) == Decimal("87.6")


def test_money_of_projects_adds_up_by_source(tmp_path: Path) -> None:
    row = {
        "title": "研发",
        "level": "省重点研发",
        "undertaker": "某公司",
        "area_code": "131002",
        "approved_on": "2021-05-01",
    }
    bring(tmp_path, "tech_projects", [
        {**row, "project_no": "1", "provincial_fund": "40", "firm_fund": "85.5", "total_fund": "125.5"},
        {**row, "project_no": "2", "provincial_fund": "60", "firm_fund": "90"},
    ])  # fmt: skip
    assert value("tech_projects.money") == Decimal("275.5")
    assert value("tech_projects.total_fund") == Decimal("125.5")

    low = bring(tmp_path, "tech_projects", [{**row, "project_no": "3", "firm_fund": "9", "total_fund": "8"}])
    assert refusals(low) == {"项目总经费不等于各来源之和"}
    high = bring(tmp_path, "tech_projects", [{**row, "project_no": "4", "firm_fund": "9", "total_fund": "10"}])
    assert high.accepted == 0


def test_an_adopted_practice_names_its_unit(tmp_path: Path) -> None:
    visit = {
        "visit_no": "1",
        "kind": "现场观摩",
        "host": "某市",
        "area_code": "131002",
        "held_on": "2022-05-01",
        "topic": "快检",
    }

    summary = bring(tmp_path, "study_visits", [{**visit, "practice": "当日公示"}])
    assert refusals(summary) == {"填写了采纳的做法但没有采纳单位"}
    bring(tmp_path, "study_visits", demo_rows("study_visits"))
    assert value("study_visits.adopted") == 4


def test_help_that_is_finished_says_what_it_was_like_before_and_after(tmp_path: Path) -> None:
    rows = demo_rows("producer_help", "qianjin")
    bring(tmp_path, "producer_help", rows)
    as_of = date(2023, 11, 30)
    assert value("producer_help.firms", area="230804", as_of=as_of) == 14
    assert value("producer_help.improved", area="230804", as_of=as_of) == 13


def test_finished_help_without_a_result_is_refused(tmp_path: Path) -> None:
    row = {**demo_rows("producer_help", "qianjin")[0], "after": ""}

    assert refusals(bring(tmp_path, "producer_help", [row])) == {"帮扶已完成但没有填写帮扶后情况"}


def test_the_map_tells_sites_with_and_without_a_device_apart(tmp_path: Path, client: Any) -> None:
    bring(tmp_path, "coldchain_sites", demo_rows("coldchain_sites"))
    client.force_login(factories.make_user("alice", Role.OFFICE, "1310"))

    def seen(state: str = "") -> list[str]:
        points = client.get(f"/ledgers/coldchain_sites/points/?state={state}").json()["features"]
        return [point["properties"]["lines"].split("\n")[0] for point in points]

    assert len(seen()) == 40
    assert set(seen("2")) == {"未装监控"}
    assert set(seen("3")) == {"已装监控"}
    states = {
        point["properties"]["state"] for point in client.get("/ledgers/coldchain_sites/points/").json()["features"]
    }
    assert states == {"done", "overdue", "neutral"}
    assert "pointStates" in client.get("/ledgers/coldchain_sites/map/").content.decode()


def test_a_banned_sale_is_refused_on_the_page_too(client: Any) -> None:
    client.force_login(factories.make_user("alice", Role.OFFICE, "1310"))

    answer = client.post("/ledgers/farm_input_sales/create/", {**SALE, "ingredient": "甲胺磷"})

    assert "属于禁用农药" in answer.content.decode()
    assert client.post("/ledgers/farm_input_sales/create/", SALE).status_code == 302
