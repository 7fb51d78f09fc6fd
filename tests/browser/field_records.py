"""Examples for the pages of records of field checks: see records.py."""

from tests.browser.case_records import Args, Maker, first_row


def _with(made: Maker, *more: object) -> Maker:
    def found() -> list[Args]:
        return [(*args, *more) for args in made()]

    return found


FIELD_EXAMPLES: dict[str, Maker] = {
    "fieldchecks:field_point_detail": first_row("fieldchecks.FieldPoint", state="ready"),
    "fieldchecks:field_point_confirm": _with(first_row("fieldchecks.FieldPoint", state="checked"), "ready"),
    "fieldchecks:field_point_withdraw": first_row("fieldchecks.FieldPoint", state="ready"),
}
