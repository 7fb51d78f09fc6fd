"""Takes the pictures of the README and of the guide from a running demo: `python tools/screenshots.py --url http://localhost:8600`.

Pages at 1440×900 in Chromium, the report as its first printed pages; each picture is reduced to 120 kB at most.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from shian.config.home import Home  # noqa: E402 - the project is no installed package
from tests.browser.sheets import row, xlsx  # noqa: E402
from tools.browser_tests import chromium  # noqa: E402

LARGEST = 120_000
UNDRAWN = "[data-island]:not(.is-ready, .is-failed)"
ROW = "main tbody a"
PAGES = {
    "evaluation": "/campaign/",
    "item": "/campaign/items/1.4.2/",
    "operators": "/operators/",
    "vetoes": "/campaign/vetoes/",
    "areas": "/areas/",
}
# Name → whose page it is, where one begins, and what is pressed from there.
CAMPAIGN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "my-work": ("agriculture", "/", ()),
    "war-map": ("office", "/campaign/plan/", ()),
    "case": ("office", "/cases/types/card/?standing=overdue", (ROW,)),
    "week": ("office", "/campaign/weeks/", ("main tbody tr:nth-child(2) a",)),
    "review": ("reviewer", "/campaign/evidence/rounds/", (ROW, "a:has-text('审核材料')")),
}


PROBLEMS = [
    row("食品安全示范城市专项", 120),
    row("抽检监测", "一百二十"),
    row("监管执法装备", 30, paid=45),
    row("食安宣传", ""),
    row("快检耗材", 12, area="131099"),
    row("食安培训", 8, day="2023-13-01"),
]


def main() -> None:
    """Every picture into docs/pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8600")
    parser.add_argument("--account", default="office")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "pictures")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-quic"])
        page = page_of(browser, asked.url)
        sign_in(page, asked.account)
        for name, picture in _pictures(page, Path(folder)):
            keep(asked.out, name, picture)
        for name, (account, path, presses) in CAMPAIGN.items():
            page = page_of(browser, asked.url)
            sign_in(page, account)
            page.goto(path)
            for each in presses:
                page.locator(each).first.click()
            keep(asked.out, name, shot(page))
        browser.close()


def page_of(browser: Browser, url: str) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 900}, base_url=url, locale="zh-CN")


def keep(out: Path, name: str, picture: Image.Image) -> None:
    content = reduced(picture)
    (out / f"{name}.png").write_bytes(content)
    sys.stdout.write(f"{name}.png {len(content) // 1000} kB\n")


def _pictures(page: Page, folder: Path) -> Iterator[tuple[str, Image.Image]]:
    for name, path in PAGES.items():
        page.goto(path)
        yield name, shot(page)
    _upload_with_problems(page)
    yield "import", shot(page, lambda: page.locator("#problem-title").scroll_into_view_if_needed())
    _cancel(page)
    yield "report", _report(page, folder)


def sign_in(page: Page, account: str) -> None:
    known = json.loads((Home.current().folder / "demo-accounts.json").read_text(encoding="utf-8"))
    page.goto("/account/login/")
    page.get_by_label("用户名").fill(account)
    page.get_by_label("密码", exact=True).fill({each["username"]: each["password"] for each in known}[account])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.reload()  # the greeting is said once


def shot(page: Page, prepare: Callable[[], object] | None = None) -> Image.Image:
    expect(page.locator(UNDRAWN)).to_have_count(0)
    if prepare:
        prepare()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)  # maps fade their names in
    return Image.open(io.BytesIO(page.screenshot()))


def _upload_with_problems(page: Page) -> None:
    content = xlsx(
        PROBLEMS, change=lambda sheet: sheet.write_formula("E2", "=60*2", None, ""),
    )  # fmt: skip
    page.goto("/imports/new/?importer=ledger.budgets")
    page.locator("input[type=file]").set_input_files(
        {"name": "经费预算-固安县.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("#problem-title")


def _cancel(page: Page) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    page.locator("summary", has_text="取消批次").click()
    page.get_by_role("button", name="确认取消批次").click()
    page.wait_for_load_state("networkidle")


def _report(page: Page, folder: Path) -> Image.Image:
    """The first three printed pages of the newest report, side by side."""
    page.goto("/reports/")
    page.locator("table[data-rows] tbody tr a").first.click()
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载文稿").click()
    written = folder / "report.docx"
    waited.value.save_as(written)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(written))
    _run("pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "3", str(written.with_suffix(".pdf")), str(folder / "sheet"))
    return joined([Image.open(path).convert("RGB") for path in sorted(folder.glob("sheet*.png"))])


def joined(sheets: Sequence[Image.Image]) -> Image.Image:
    """Side by side on grey."""
    gap = 16
    width = sum(sheet.width for sheet in sheets) + gap * (len(sheets) + 1)
    found = Image.new("RGB", (width, max(sheet.height for sheet in sheets) + 2 * gap), "#d9dee0")
    left = gap
    for sheet in sheets:
        found.paste(sheet, (left, gap))
        left += sheet.width + gap
    return found


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def reduced(picture: Image.Image) -> bytes:
    """As a PNG of as many colours as fit into LARGEST bytes."""
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.convert("RGB").quantize(colours, method=Image.Quantize.MAXCOVERAGE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
