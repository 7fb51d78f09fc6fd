"""A process starts without what only some of its work needs: phrases, workbooks, forms and calendars cost time and
58 MB."""

import subprocess
import sys

LATE = ("pypinyin", "xlsxwriter", "pyxform", "icalendar")


def test_a_process_starts_without_phrases_workbooks_forms_and_calendars() -> None:
    code = f"import shian.config.wsgi, sys; print([m for m in {LATE} if m in sys.modules])"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
