"""How many operators show a code to the public: the source and the measure."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shian.domains.census.definitions.rows import OPERATOR_ROWS
from shian.engine.measures.declarations import Measure, Part, Source
from shian.kernel.scope.rules import LEVELS
from shian.registers.operators.models import OperatorVersion

SOURCES = (
    Source(
        key="coded_operators",
        title=_("已赋码主体"),
        register="R03",
        model=OperatorVersion,
        fields={},
        columns=OPERATOR_ROWS.columns,
        row_of=OPERATOR_ROWS.row_of,
        valid_from="valid_from",
        valid_to="valid_to",
        related=("operator",),
        condition=(
            "EXISTS (SELECT 1 FROM census_operatorcode c WHERE c.operator_id = t.operator_id "
            "AND c.issued_on <= {as_of} AND (c.ended_on IS NULL OR c.ended_on > {as_of}))"
        ),
    ),
)
MEASURES = (
    Measure(
        "operators.coded",
        _("经营主体赋码率"),
        "%",
        LEVELS,
        Part("coded_operators"),
        whole="operators.total",
        scale=Decimal(100),
        decimals=1,
        title_en="Operators with a code",
        register="R03",
        note=_("暂停的二维码仍计入，作废的不计入。"),
    ),
)
