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
# Of 850 elements of a page 730 are the frame that it shares with others; axe looks at each however little is asked.
WITHOUT_SHELL = """document.querySelectorAll('.sh-topbar, .sh-sidebar, #shortcuts').forEach(
  (each) => each.replaceChildren()
)"""
WIDTH = "[document.documentElement.scrollWidth, innerWidth]"
# What is too wide after so many milliseconds stays so.
SETTLED_WIDTH = """() => new Promise((answer) => {
  const end = performance.now() + 2000
  const look = () => {
    const width = WIDTH
    if (width[0] <= width[1] || performance.now() > end) answer(width)
    else requestAnimationFrame(look)
  }
  look()
})""".replace("WIDTH", WIDTH)
# All of it at once, since each question costs a page milliseconds. A chart or a map is a picture: its table says the
# same, a title says what it is.
LOOK = """() => new Promise((answer) => {
  const isWordless = (island) => {
    const figure = island.closest('figure')
    const isNamed = figure?.querySelector('figcaption')?.textContent.trim()
    return !isNamed || !(figure.querySelector('tbody tr') ?? document.querySelector('main table tbody tr'))
  }
  const pictures = [...document.querySelectorAll('[data-island=chart], [data-island=map]')]
  const names = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  let moved = 0
  const add = (entries) => entries.forEach((entry) => { if (!entry.hadRecentInput) moved += entry.value })
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords())
    answer({
      moved, wordless: pictures.filter(isWordless).map((island) => island.dataset.props),
      hasFailed: Boolean(document.querySelector('.is-failed')), width: WIDTH,
      twice: names.filter((name, place) => names.indexOf(name) !== place),
    })
  }))
})""".replace("WIDTH", WIDTH)
RUN = """async (rules) => {
  if (!('axe' in window)) return null
  const options = { resultTypes: ['violations'], runOnly: rules, preload: false }
  const result = await axe.run(document, options)
  return result.violations.map((each) => ({
    id: each.id, nodes: each.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`),
  }))
}"""


def drawn(page: Page) -> None:
    """Wait until charts and maps stand."""
    if page.evaluate("(undrawn) => document.querySelector(undrawn) !== null", UNDRAWN):
        expect(page.locator(UNDRAWN)).to_have_count(0)


def fewer_rows(page: Page) -> None:
    """Take away what repeats."""
    page.evaluate(FEWER_ROWS)


def without_shell(page: Page) -> None:
    """Take away the frame that was examined on another page; the room it takes stays."""
    page.evaluate(WITHOUT_SHELL)


def violations(page: Page, rules: list[str] = TAGS) -> list[str]:
    """What axe-core finds against the rules, or those of the tags, by the page's address, once what repeats is away."""
    fewer_rows(page)
    found: list[dict[str, Any]] | None = page.evaluate(RUN, rules)
    if found is None:
        page.evaluate(AXE)
        found = page.evaluate(RUN, rules)
    assert found is not None
    return [f"{page.url}: {each['id']} {node}" for each in found for node in each["nodes"]]


def findings(page: Page, other: ViewportSize | None = None, *, is_shell_known: bool = False) -> list[str]:
    """Everything that is wrong with how the loaded page reads. `other` is one more width that it must fit, where axe
    then reads it and where it stays. The frame that all pages of an account share is taken away after the first look
    at it if it was examined at both widths before; its own width counts at the width at which the page was loaded."""
    drawn(page)
    seen = page.evaluate(LOOK)
    found = [f"{page.url}: moves by {seen['moved']:.3f} while it loads"] if seen["moved"] >= MOVES else []
    found += [f"{page.url}: {island} has no words" for island in seen["wordless"]]
    found += [f"{page.url}: two elements are called #{name}" for name in seen["twice"]]
    if seen["hasFailed"]:
        found.append(f"{page.url}: a chart or map failed")
    found += _wider(page, seen["width"])
    if is_shell_known:
        without_shell(page)
    if other:
        page.set_viewport_size(other)
        found += too_wide(page)
    return [*found, *violations(page)]


def too_wide(page: Page) -> list[str]:
    """The page, if it has to be scrolled sideways, and still so once charts and lists follow a change of its width."""
    return _wider(page, page.evaluate(SETTLED_WIDTH))


def _wider(page: Page, width: list[int]) -> list[str]:
    return [f"{page.url}: {width[0]} px wide at {width[1]}"] if width[0] > width[1] else []
