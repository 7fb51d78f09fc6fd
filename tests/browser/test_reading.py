"""What the reading of every page would find: one fault of each kind, planted in a page that has none."""

import re

from tests.browser.people import PHONE, Door
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
}"""
KINDS = ("color-contrast", "button-name", "px wide at 390", "has no words", "moves by")


def test_a_fault_of_each_kind_is_found(door: Door) -> None:
    page = door.open("admin", "/ui/", reduced_motion="reduce")
    door.watch.expect("2026-02-30")  # a form of the gallery shows how a date that does not exist is refused
    drawn(page)
    page.evaluate(FAULTS)

    found = findings(page, PHONE)

    assert {kind for kind in KINDS for each in found if re.search(kind, each)} == {*KINDS}, found
    assert not [each for each in found if "px wide at 1440" in each]
