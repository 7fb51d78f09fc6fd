"""Reports of self-examination as a file."""

from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.imports.records import CHECKS, JOIN, OPERATOR, PLACE, ROLES, not_ahead
from shian.domains.selfcontrol.queries.numbers import SELFEXAMS
from shian.kernel.imports.specs import ImportField, ImportSpec, SetCheck, Target, register_importer


def _spec() -> ImportSpec:
    classes = {each.title: each.key for version in SELFEXAMS.versions() for each in version.classes}
    return ImportSpec(
        key="self_exams",
        title=_("企业自查报告"),
        description=_("各类主体的年度自查报告：发现的问题和整改情况"),
        order=320,
        natural_key=("operator_code", "duty_class", "year"),
        area_field="area_code",
        roles=ROLES,
        fields=(
            *OPERATOR,
            ImportField("duty_class", _("报告类别"), required=True, choices=classes),
            ImportField("year", _("年度"), "year", required=True),
            ImportField("due_on", _("报告期限"), "date", required=True),
            ImportField("reported_on", _("报告日期"), "date", required=True),
            ImportField("problems", _("发现问题数"), "integer", minimum=0, default="0"),
            ImportField("rectified", _("已整改数"), "integer", minimum=0, default="0"),
        ),
        checks=(
            *CHECKS,
            not_ahead("reported_on"),
            SetCheck("rectified", "s.rectified > s.problems", _("已整改数多于问题数"), _("请核对两个数")),
        ),
        target=Target(
            table="selfcontrol_selfexam",
            key=("operator_id", "duty_class", "year"),
            joins=JOIN,
            columns={
                "operator_id": "o.id", "duty_class": "s.duty_class", "year": "s.year", "due_on": "s.due_on",
                "reported_on": "s.reported_on", "problems": "s.problems", "rectified": "s.rectified",
                "is_monitored": "FALSE", "summary": "''", **PLACE,
            },
            stamps={"reported_by": "%(by)s"},
            is_area_scoped=False,
        ),
    )  # fmt: skip


def register() -> None:
    """Registers the importer of self-examinations; its classes are those of the pack."""
    register_importer(_spec())
