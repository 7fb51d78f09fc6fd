"""Dated versions of operators, kept by statements over all rows of an import.

A new operator gets one version from its opening. Of a changed one: a new opening date moves the first version; kind,
format, stage, size or division that differ start a new version on the effective date (a version that begins on or after
that day, or an operator closed by then, is corrected in place); closing ends the last version; an operator that opens
again after a closing gets a new version from the effective date, so that the gap stays in the figures of those days.
"""

_ATTRIBUTES = (
    "kind", "small_kind", "format", "stage", "size", "province", "city", "county", "township", "village",
)  # fmt: skip
_OF_T = ", ".join(f"t.{name}" for name in _ATTRIBUTES)
_OF_V = ", ".join(f"v.{name}" for name in _ATTRIBUTES)
_NAMES = ", ".join(_ATTRIBUTES)
_V = "operators_operatorversion"
_CHANGED = "{plan} p JOIN operators_operator t ON t.id = p.target_id AND p.is_changed"
_EARLIER = f"SELECT 1 FROM {_V} e WHERE e.operator_id = v.operator_id AND e.valid_from < v.valid_from"
_LATER = f"SELECT 1 FROM {_V} l WHERE l.operator_id = v.operator_id AND l.valid_from > v.valid_from"
_E = "%(effective_on)s::date"

_FIRST_OF_NEW = (
    f"INSERT INTO {_V} (operator_id, {_NAMES}, valid_from, valid_to) "
    f"SELECT t.id, {_OF_T}, t.opened_on, t.closed_on "
    "FROM {plan} p JOIN operators_operator t ON t.id = p.target_id WHERE p.is_new ORDER BY p.row_no"
)
_DROP_BEFORE_OPENING = (
    f"DELETE FROM {_V} v USING {_CHANGED} "
    f"WHERE v.operator_id = t.id AND v.valid_to <= t.opened_on AND EXISTS ({_LATER})"
)
_MOVE_OPENING = (
    f"UPDATE {_V} v SET valid_from = t.opened_on, "
    "valid_to = CASE WHEN v.valid_to < t.opened_on THEN t.opened_on ELSE v.valid_to END "
    f"FROM {_CHANGED} WHERE v.operator_id = t.id AND v.valid_from <> t.opened_on AND NOT EXISTS ({_EARLIER})"
)
_DROP_AFTER_CLOSING = (
    f"DELETE FROM {_V} v USING {_CHANGED} "
    "WHERE v.operator_id = t.id AND v.valid_from >= t.closed_on AND v.valid_from > t.opened_on"
)
_BEGIN_NEXT = (
    f"INSERT INTO {_V} (operator_id, {_NAMES}, valid_from, valid_to) SELECT t.id, {_OF_T}, {_E}, t.closed_on "
    f"FROM {_CHANGED} JOIN {_V} v ON v.operator_id = t.id AND NOT EXISTS ({_LATER}) "
    f"WHERE v.valid_from < {_E} AND (t.closed_on IS NULL OR t.closed_on > {_E}) "
    f"AND (({_OF_T}) IS DISTINCT FROM ({_OF_V}) OR (t.closed_on IS NULL AND v.valid_to < {_E}))"
)
_END_PREVIOUS = (
    f"UPDATE {_V} v SET valid_to = n.valid_from FROM {_CHANGED} JOIN {_V} n ON n.operator_id = t.id "
    f"AND n.valid_from = {_E} WHERE v.operator_id = t.id AND v.valid_from < n.valid_from "
    "AND (v.valid_to IS NULL OR v.valid_to > n.valid_from)"
)
_CORRECT_LAST = (
    f"UPDATE {_V} v SET ({_NAMES}, valid_to) = ROW({_OF_T}, t.closed_on) FROM {_CHANGED} "
    f"WHERE v.operator_id = t.id AND NOT EXISTS ({_LATER}) "
    f"AND ({_OF_V}, v.valid_to) IS DISTINCT FROM ({_OF_T}, t.closed_on)"
)

KEEP_VERSIONS = (
    _FIRST_OF_NEW,
    _DROP_BEFORE_OPENING,
    _MOVE_OPENING,
    _DROP_AFTER_CLOSING,
    _BEGIN_NEXT,
    _END_PREVIOUS,
    _CORRECT_LAST,
)
