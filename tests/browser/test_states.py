"""What stands under the pointer, has the focus or is pressed stays legible: the gallery, in both themes."""

import pytest

from tests.browser.people import Door
from tests.browser.reading import drawn, fewer_rows, violations, without_shell

PATTERNS = ("", "list/", "record/", "form/", "plain/")
ALL = "a, button, summary, label, input, select, textarea, tr, [tabindex]"
STATES = (["hover"], ["hover", "active", "focus", "focus-visible"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_keeps_its_contrast_in_every_state(door: Door, theme: str) -> None:
    """All that can be pointed at is put into the state at once, then axe measures; the frame on the first page."""
    door.watch.expect("2026-02-30")  # a form of the gallery shows how a date that does not exist is refused
    page = door.open("admin", "", reduced_motion="reduce")
    page.context.add_cookies([{"name": "shian_theme", "value": theme, "url": door.site.url}])
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    for pattern in PATTERNS:
        page.goto(f"/ui/{pattern}")
        drawn(page)
        fewer_rows(page)
        if pattern != PATTERNS[0]:
            without_shell(page)
        devtools.send("DOM.enable")
        devtools.send("CSS.enable")
        for states in STATES:
            root = devtools.send("DOM.getDocument")["root"]["nodeId"]
            for node in devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": ALL})["nodeIds"]:
                devtools.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": states})
            found += [f"{theme} {states[-1]}: {each}" for each in violations(page, ["color-contrast"])]

    assert not found, "\n".join(found)
