"""The packs' forms in force, as most tests of visits find them."""

from datetime import datetime

from shian.engine.forms.actions import load_packed_forms
from tests.kept import make_once


def issue_packed_forms(at: datetime) -> None:
    """Issued once for all tests of that moment: the XForms of all editions take a second of the processor."""
    make_once(f"packed forms of {at.isoformat()}", lambda: load_packed_forms(by="test", at=at))
