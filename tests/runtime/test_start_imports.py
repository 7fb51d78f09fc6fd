"""A process starts without what only some of its work needs: phrases, workbooks and forms cost time and 58 MB."""

import subprocess
import sys

LATE = ("pypinyin", "xlsxwriter", "pyxform")


def test_a_process_starts_without_phrases_workbooks_and_forms() -> None:
    code = (
        f"import django, sys; django.setup(); import shian.config.urls; print([m for m in {LATE} if m in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
