"""Figures out and values in as DHIS2 data value sets; engine/measures/datavalues.py says what the words mean."""
# ruff: noqa: N815 - DHIS2 names its members so

import io
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema

from shian.engine.measures.api.figures import stated
from shian.engine.measures.datavalues import (
    DEFAULT,
    DataValue,
    LedgerFile,
    ValueMisplaced,
    days_of,
    ledger_files,
    set_figures,
)
from shian.engine.measures.permissions import FIGURE_READ
from shian.engine.measures.queries import refuse_out_of_reach
from shian.kernel.api.endpoints.imports import BatchOut, batch_told, refused_as_problem
from shian.kernel.api.problems import Problem
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.imports import actions
from shian.kernel.imports.models import BatchState, ImportBatch, Work
from shian.kernel.imports.permissions import IMPORT
from shian.kernel.imports.queries import problems_of
from shian.kernel.scope.rules import code_of_key, key_of_code

router = ApiRouter("dataValueSets")
SHOWN = 100


class DataValueOut(Schema):
    """A figure. `value` is its text, as DHIS2 has it."""

    dataElement: str
    period: str
    orgUnit: str
    categoryOptionCombo: str
    attributeOptionCombo: str
    value: str
    comment: str


class DataValueSetOut(Schema):
    """Figures of one data set, by codes."""

    dataSet: str
    dataElementIdScheme: str
    orgUnitIdScheme: str
    dataValues: list[DataValueOut]


class DataValueSetQuery(Schema):
    dataSet: str = Field(min_length=1, max_length=60, description="The first word of a measure's key: operators.")
    period: str = Field(min_length=4, max_length=8, description="2022, 2022S1, 2022Q3, 202211 or 20221124.")
    orgUnit: str = Field(min_length=6, max_length=12, description="Code of a division: 131000.")
    children: bool = Field(False, description="Also all divisions below, down to townships.")


class DataValueIn(Schema):
    """One value; what it leaves out is taken from the set."""

    dataElement: str = Field(min_length=3, max_length=120, description="<ledger>.<field>")
    value: str = Field(max_length=400)
    period: str = Field("", max_length=8)
    orgUnit: str = Field("", max_length=12)
    categoryOptionCombo: str = Field(DEFAULT, max_length=60)
    attributeOptionCombo: str = Field(DEFAULT, max_length=400, description="Other key fields: field:value;field:value")


class DataValueSetIn(Schema):
    """Values for ledgers."""

    period: str = Field("", max_length=8)
    orgUnit: str = Field("", max_length=12)
    completeDate: date | None = Field(None, description="From when the rows hold; today when left out.")
    dataValues: list[DataValueIn] = Field(min_length=1, max_length=20_000)


class DryRunQuery(Schema):
    dryRun: bool = Field(False, description="Only judge; the batches stay open and can be accepted later.")


class CountOut(Schema):
    imported: int
    updated: int
    ignored: int
    deleted: int


class ConflictOut(Schema):
    """A row that did not come in: where, and why."""

    object: str
    value: str


class ImportSummaryOut(Schema):
    """SUCCESS, WARNING (some rows are bad, or a batch is at work) or ERROR (nothing came in)."""

    status: str
    dryRun: bool
    importCount: CountOut
    conflicts: list[ConflictOut]
    batches: list[BatchOut]


@router.read("", policy=FIGURE_READ, response=DataValueSetOut)
def data_values(request: HttpRequest, chosen: Query[DataValueSetQuery]) -> dict[str, Any]:
    """Figures as a DHIS2 data value set.

    Figures without a value are left out. `comment` is the unit.
    """
    today = timezone.localdate()
    days = stated(lambda: days_of(chosen.period, today))
    try:
        area = key_of_code(chosen.orgUnit)
    except ValueError:
        raise Http404(chosen.orgUnit) from None
    refuse_out_of_reach(chosen.dataSet, area, request.user)
    try:
        found = stated(lambda: set_figures(chosen.dataSet, days, area, with_children=chosen.children))
    except LookupError:
        raise Http404(chosen.dataSet) from None
    return {
        "dataSet": chosen.dataSet,
        "dataElementIdScheme": "CODE",
        "orgUnitIdScheme": "CODE",
        "dataValues": [
            {
                "dataElement": each.measure,
                "period": chosen.period,
                "orgUnit": code_of_key(each.area),
                "categoryOptionCombo": DEFAULT,
                "attributeOptionCombo": DEFAULT,
                "value": format(each.shown, "f") if each.shown is not None else "",
                "comment": str(each.unit),
            }
            for each in found
        ],
    }


@router.write("", policy=IMPORT, response=ImportSummaryOut)
def data_values_import(request: HttpRequest, told: DataValueSetIn, chosen: Query[DryRunQuery]) -> dict[str, Any]:
    """Values for ledgers, through the ordinary importer.

    Each ledger becomes one batch with its checks, reach, history and seal; good rows are accepted, bad rows are told
    under `conflicts` and stay in the batch.
    """
    values = [
        DataValue(
            each.dataElement,
            each.period or told.period,
            each.orgUnit or told.orgUnit,
            each.attributeOptionCombo,
            each.value,
        )
        for each in told.dataValues
    ]
    try:
        files = ledger_files(values)
    except ValueMisplaced as error:
        raise Problem("unusable", str(error)) from error
    effective_on = told.completeDate or timezone.localdate()
    made = [_entered(request.user, each, effective_on, dry_run=chosen.dryRun) for each in files]
    return _summary(made, dry_run=chosen.dryRun)


def _entered(user: Any, file: LedgerFile, effective_on: date, *, dry_run: bool) -> ImportBatch:
    now = timezone.now()

    def deed() -> ImportBatch:
        (batch,) = actions.upload_file(
            importer_key=f"ledger.{file.ledger.key}",
            name=f"dataValueSet-{file.ledger.key}.csv",
            stream=io.BytesIO(file.content),
            stated=actions.Stated(effective_on),
            by=user,
            at=now,
        )
        is_judged = actions.start_work(batch=batch, work=Work.CHECK, by=user, at=now)
        batch.refresh_from_db()
        if is_judged and not dry_run and batch.state == BatchState.CHECKED:
            actions.start_work(batch=batch, work=Work.ACCEPT, by=user, at=now, again=True)
            batch.refresh_from_db()
        return batch

    return refused_as_problem(deed)


def _summary(made: list[ImportBatch], *, dry_run: bool) -> dict[str, Any]:
    conflicts = [
        {"object": f"{batch.importer}#{row.row_no} {row.column}", "value": f"{row.reason} {row.remedy}".strip()}
        for batch in made
        for row in problems_of(batch)[:SHOWN]
    ]
    conflicts += [{"object": batch.importer, "value": batch.error} for batch in made if batch.error]
    done = {BatchState.CHECKED} if dry_run else {BatchState.ACCEPTED}
    is_whole = all(batch.state in done and not batch.rows_bad for batch in made)
    has_any = any(batch.state in done or batch.work for batch in made)
    return {
        "status": "SUCCESS" if is_whole else "WARNING" if has_any else "ERROR",
        "dryRun": dry_run,
        "importCount": {
            "imported": sum(batch.rows_new for batch in made),
            "updated": sum(batch.rows_changed for batch in made),
            "ignored": sum(batch.rows_same + batch.rows_bad for batch in made),
            "deleted": 0,
        },
        "conflicts": conflicts,
        "batches": [batch_told(batch) for batch in made],
    }


register_router(_("DHIS2 数据值集"), router)
