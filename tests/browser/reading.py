"""How a page reads: axe-core over the live page, its fit at both widths, what moves, what a picture says in words."""

from typing import Any

from playwright.sync_api import Page, ViewportSize, expect

from shian.config.home import PROJECT

AXE = (PROJECT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
UNDRAWN = "[data-island]:not(.is-ready, .is-failed)"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOVES = 0.05  # cumulative layout shift

# What comes after the fourth row, tick box, entry or choice repeats the first ones; without it a page is examined in a
# fifth of the time.
FEWER_ROWS = """document.querySelectorAll(
  'tbody tr:nth-child(n + 5), main div:nth-child(n + 5):has(> label > input), main option:nth-child(n + 5), '
  + 'main li:nth-child(n + 9)'
).forEach((each) => each.remove())"""
SHELL = [".sh-topbar", ".sh-sidebar", "#shortcuts"]
SHIFT = """() => new Promise((answer) => {
  let sum = 0
  const add = (entries) => entries.forEach((entry) => { if (!entry.hadRecentInput) sum += entry.value })
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); answer(sum) }))
})"""
# A chart or a map is a picture: its table says the same, a title says what it is.
WORDLESS = """() => [...document.querySelectorAll('[data-island=chart], [data-island=map]')].filter((island) => {
  const figure = island.closest('figure')
  const isNamed = figure?.querySelector('figcaption')?.textContent.trim()
  return !isNamed || !(figure.querySelector('tbody tr') ?? document.querySelector('main table tbody tr'))
}).map((island) => island.dataset.props)"""
RUN = """async ([rules, exclude]) => {
  const options = { resultTypes: ['violations'], runOnly: rules, preload: false }
  const result = await axe.run({ include: [document], exclude }, options)
  return result.violations.map((each) => ({
    id: each.id, nodes: each.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`),
  }))
}"""


def drawn(page: Page) -> None:
    """Wait until charts and maps stand."""
    expect(page.locator(UNDRAWN)).to_have_count(0)


def violations(page: Page, rules: list[str] = TAGS, *, is_shell_known: bool = False) -> list[str]:
    """What axe-core finds against the rules, or those of the tags, by the page's address; the frame that all pages of
    an account share may have been examined before."""
    page.evaluate(FEWER_ROWS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN, [rules, SHELL if is_shell_known else []])
    return [f"{page.url}: {each['id']} {node}" for each in found for node in each["nodes"]]


def findings(page: Page, other: ViewportSize | None = None, *, is_shell_known: bool = False) -> list[str]:
    """Everything that is wrong with how the loaded page reads; `other` is one more width that it must fit."""
    drawn(page)
    moved = page.evaluate(SHIFT)
    found = [f"{page.url}: moves by {moved:.3f} while it loads"] if moved >= MOVES else []
    found += [f"{page.url}: {island} has no words" for island in page.evaluate(WORDLESS)]
    if page.locator(".is-failed").count():
        found.append(f"{page.url}: a chart or map failed")
    found += too_wide(page)
    if other and (shown := page.viewport_size):
        page.set_viewport_size(other)
        found += too_wide(page)
        page.set_viewport_size(shown)
    return [*found, *violations(page, is_shell_known=is_shell_known)]


def too_wide(page: Page) -> list[str]:
    """The page, if it has to be scrolled sideways."""
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url}: {width[0]} px wide at {width[1]}"] if width[0] > width[1] else []
