"""Ledgers on the page: a batch that does not add up is refused, sites differ on the map, a point shows its photo."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import Door

PICTURE = Path(__file__).parents[2] / "docs" / "pictures"
# Finds the middle of a drawn point: pixels near the colour of a state, with the same colour around them.
FIND_POINT = """state => {
  const drawn = document.querySelector('.sh-map-canvas canvas')
  if (!drawn) return null
  const probe = document.createElement('i')
  probe.style.backgroundColor = `var(--sh-${state}-fill)`
  document.body.append(probe)
  const wanted = getComputedStyle(probe).backgroundColor.match(/\\d+/g).map(Number)
  probe.remove()
  const flat = document.createElement('canvas')
  flat.width = drawn.width
  flat.height = drawn.height
  const pen = flat.getContext('2d')
  pen.drawImage(drawn, 0, 0)
  const { data } = pen.getImageData(0, 0, flat.width, flat.height)
  const near = (x, y) => {
    const at = 4 * (y * flat.width + x)
    return [0, 1, 2].every((part) => Math.abs(data[at + part] - wanted[part]) < 30)
  }
  for (let y = 4; y < flat.height - 4; y++)
    for (let x = 4; x < flat.width - 4; x++)
      if (near(x, y) && near(x - 3, y) && near(x + 3, y) && near(x, y + 3) && near(x, y - 3)) return [x, y]
  return null
}"""


def point_on(page: Page, state: str) -> list[int]:
    """Where on the canvas a point in this state is drawn."""
    found: list[int] = page.wait_for_function(FIND_POINT, arg=state).json_value()
    return found


def test_a_batch_of_slaughter_that_does_not_add_up_is_refused_until_it_does(door: Door) -> None:
    page = door.open("agriculture", "/ledgers/slaughter_batches/create/")
    page.get_by_label("屠宰企业").fill("三河金牧畜禽屠宰有限公司")
    page.get_by_label("批次号").fill("20261101-01")
    page.get_by_label("畜禽种类").select_option("生猪")
    page.get_by_label("进厂日期").fill("2026-11-01")
    page.get_by_label("进厂头数").fill("120")
    page.get_by_label("出厂头数").fill("117")
    page.get_by_label("不合格头数").fill("2")
    page.get_by_label("入场检疫证明号").fill("RC-1")
    page.get_by_label("肉品检疫合格证号").fill("RP-1")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("进厂头数不等于出厂头数与不合格头数之和")
    expect(page.locator("main")).to_contain_text("有不合格畜禽但没有无害化处理单号")

    page.get_by_label("出厂头数").fill("118")
    page.get_by_label("无害化处理单号").fill("WHH-1")
    page.get_by_label("无害化处理日期").fill("2026-11-02")
    page.get_by_label("处理方式").select_option("化制")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已登记并留存证")


def test_coverage_is_calculated_by_store_and_typed_by_nobody(door: Door) -> None:
    page = door.open("office", "/ledgers/grain_plans/")

    line = page.get_by_role("row").filter(has_text="廊坊禾润储备粮库")
    expect(line).to_contain_text("28,200")
    expect(line).to_contain_text("35.8")
    page.goto("/ledgers/grain_plans/create/")
    expect(page.get_by_label("监测覆盖比例")).to_have_count(0)


def test_clusters_show_output_and_what_each_lacks_of_ten_billion(door: Door) -> None:
    page = door.open("office", "/ledgers/industry_clusters/?year=2022")

    line = page.get_by_role("row").filter(has_text="三河肉制品加工集群")
    expect(line).to_contain_text("71.9")
    expect(line).to_contain_text("28.1")


def test_the_map_shows_sites_with_and_without_a_device_in_colours_that_the_legend_names(door: Door) -> None:
    page = door.open("office", "/ledgers/coldchain_sites/map/")

    expect(page.locator(".sh-map-legend")).to_contain_text("未装监控")
    expect(page.locator(".sh-map-legend")).to_contain_text("已装监控")
    assert point_on(page, "done") != point_on(page, "overdue")


def test_a_placed_point_shows_its_photo_and_last_check_on_the_map(door: Door) -> None:
    page = door.open("office", "/ledgers/publicity/create/")
    page.get_by_label("宣传编号").fill("TF-TEST-1")
    page.get_by_label("宣传类别").select_option("宣传条幅")
    page.get_by_label("标题").fill("广场条幅核查")
    page.get_by_label("主题", exact=True).select_option("创建")
    page.get_by_label("发布日期").fill("2026-10-01")
    page.get_by_label("点位坐标").fill("116.70,39.52")
    page.get_by_label("最近检查日期").fill("2026-11-20")
    page.get_by_label("现场照片").set_input_files(next(PICTURE.rglob("*.png")))
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已登记并留存证")

    page.goto("/ledgers/publicity/map/?q=广场条幅核查")
    x, y = point_on(page, "done")
    scale = page.evaluate("document.querySelector('.sh-map-canvas canvas').width") / page.locator(
        ".sh-map-canvas canvas"
    ).evaluate("each => each.clientWidth")
    page.locator(".sh-map-canvas canvas").click(position={"x": x / scale, "y": y / scale + 2})

    card = page.locator(".sh-map-card")
    expect(card).to_contain_text("TF-TEST-1")
    expect(card).to_contain_text(re.compile("最近检查日期：2026-11-20"))
    picture = card.locator("img")
    expect(picture).to_be_visible()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
