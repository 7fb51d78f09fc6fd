"""What is wrong with a workbook: where, what, and what to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Fault:
    """One fault. row 0: the whole sheet; column "": the whole row. Texts are in the reader's language."""

    sheet: str
    row: int
    column: str
    reason: str
    remedy: str = ""

    @property
    def place(self) -> str:
        """ "survey" 表第 5 行 type 列."""
        told = {"sheet": self.sheet, "row": self.row, "column": self.column}
        if not self.row:
            return _("“%(sheet)s”表") % told
        if not self.column:
            return _("“%(sheet)s”表第 %(row)s 行") % told
        return _("“%(sheet)s”表第 %(row)s 行“%(column)s”列") % told

    def __str__(self) -> str:
        return f"{self.place}：{self.reason}{self.remedy}"


class FormRefused(ValueError):
    """The workbook is not taken; `faults` say where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
