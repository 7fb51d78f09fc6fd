"""Cases of the campaign for tests: a small city's units with their accounts, and problems by the hundred."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shian.engine.cases.actions import Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast
from shian.kernel.files.actions import store_file
from shian.kernel.scope.rules import columns_of_key

AT = datetime(2023, 3, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def opened(cast: Cast, key: str, *, at: datetime = AT, **more: Any) -> Case:
    """A case of that type, issued by the office to the bureau."""
    told = {"title": "冷库温度记录缺失", "area_key": "131022", "issuer": cast.office_unit, "unit": cast.bureau, **more}
    return open_case(declared=case_type(key), opening=Opening(**told), by="test", at=at)


def took(case: Case, step: str, by: Any, at: datetime = AT, **given: Any) -> None:
    """The step, taken by a user or a program."""
    declared = case_type(case.type)
    move_case(declared=declared, case=case, step=declared.step(step), seen=case.version, given=Given(**given), by=by,
              at=at)  # fmt: skip


def photo(name: str = "整改后.pdf", at: datetime = AT) -> Evidence:
    """A stored file that shows the state after rectification."""
    from io import BytesIO

    return Evidence(store_file(name=name, stream=BytesIO(PDF), kinds=("pdf",), by="test", at=at), name, "after")


def listed(cast: Cast, titles: Iterable[str], *, is_open: bool, on: date = date(2023, 2, 1)) -> None:
    """Problems as an import leaves them, all at once."""
    first = Case.objects.count()
    state, closed = ("rectifying", None) if is_open else ("closed", AT)
    Case.objects.bulk_create(
        Case(
            type="problem", number=f"WT2023-{first + place}", title=title, source="check", state=state, is_open=is_open,
            issuer=cast.office_unit, unit=cast.bureau, opened_on=on, closed_at=closed, data={"severity": "一般"},
            due_on=on + timedelta(days=30) if is_open else None, created_at=AT, updated_at=AT,
            **columns_of_key("131022"),
        )
        for place, title in enumerate(titles)
    )  # fmt: skip
