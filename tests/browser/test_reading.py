"""What the reading of every page would find: one fault of each kind, planted in a page that has none."""

import re

from tests.browser.people import DESKTOP, PHONE, Door
from tests.browser.reading import drawn, findings

FAULTS = """() => {
  const add = (name, text, style) => {
    const made = document.createElement(name)
    made.textContent = text
    Object.assign(made.style, style)
    return made
  }
  const main = document.querySelector('main')
  main.append(add('p', '看不清', { color: '#eee', background: '#fff' }), add('button', '', { width: '40px' }))
  main.querySelector('figure figcaption').remove()
  document.body.append(add('div', '', { width: '1000px', height: '1px' }))
  main.prepend(add('div', '', { height: '300px' }))
  main.append(Object.assign(add('p', '重名', {}), { id: 'sidebar' }))
  document.querySelector('.sh-topbar').append(Object.assign(add('button', '', {}), { className: 'in-frame' }))
}"""
IN_FRAME = r"button-name \.in-frame"
KINDS = (
    "color-contrast", r"button-name (?!\.in-frame)", "px wide at 390", "has no words", "moves by", "called #sidebar",
)  # fmt: skip


def test_a_fault_of_each_kind_is_found(door: Door) -> None:
    """At whichever width; in the frame too, unless its faults have been told before."""
    page = door.open("admin", "/ui/", reduced_motion="reduce")
    door.watch.expect("2026-02-30")  # a form of the gallery shows how a date that does not exist is refused
    drawn(page)
    page.evaluate(FAULTS)

    wide = findings(page, PHONE)
    narrow = findings(page, DESKTOP, is_shell_known=True)

    assert kinds(wide) == {*KINDS, IN_FRAME}, wide
    assert kinds(narrow) == {*KINDS}, narrow
    assert not [each for each in wide + narrow if "px wide at 1440" in each]


def kinds(found: list[str]) -> set[str]:
    return {kind for kind in (*KINDS, IN_FRAME) for each in found if re.search(kind, each)}
