"""Who takes part in the tracing of imported cold-chain food: the roster of connected units is a ledger."""

from datetime import date

from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at as row_valid_at
from shian.kernel.scope.walls import system_scope
from shian.registers.operators.models import Operator

ROSTER = "coldchain_units"


def is_cold_unit(operator: Operator, day: date) -> bool:
    """Is the operator connected on the day? Asked across areas: goods come from elsewhere."""
    with system_scope():
        rows = LedgerRow.objects.filter(row_valid_at(day), ledger=ROSTER, operator_code=operator.code)
        return rows.exists()
