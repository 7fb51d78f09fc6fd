"""SimpleEventQuery of EPCIS 2.0 §8.2.7: parameters as a program writes them → a condition on the tables of events.

Values of one parameter are joined by "|" and any of them does; parameters are all to be met. Identifiers match in every
way of writing them; a pattern ("urn:epc:idpat:sgtin:6901234.056789.*") matches the lots and things of its product.
Quantities and sensor values match across units: what was told in CEL is found by a bound in KEL. docs/epcis.md lists
every parameter, and those of the standard that are not offered: they raise NotOffered and are never ignored.
"""

import re
from collections.abc import Mapping, Sequence

from shian.engine.trace.event_conditions import (
    IDS,
    LARGEST_PAGE,
    BadParameter,
    NotOffered,
    Query,
    Reader,
    bound,
    declared,
    digests,
    direction,
    extension,
    has_reading,
    items_of,
    located,
    measured,
    moment,
    named,
    one_of,
    order,
    quantity,
    reading,
    said,
    same,
    sensed_time,
    sensed_value,
    size,
    uri_of,
    within,
    word,
    word_of,
)
from shian.engine.trace.rules.events import Role
from shian.engine.trace.rules.fields import SENSED_TIMES, SENSED_URIS, SENSED_WORDS
from shian.engine.trace.rules.vocabulary import ACTIONS, EVENT_TYPES, bare

MOST_VALUES = 200


def compiled(parameters: Mapping[str, str], prefixes: Mapping[str, str] | None = None) -> Query:
    """The query of these parameters. `prefixes`: what stands for which namespace in fields of extensions.

    Raises BadParameter, NotOffered.
    """
    query = Query(prefixes=prefixes or {})
    for name, text in sorted(parameters.items()):
        if "\0" in name + text:
            raise BadParameter(name.replace("\0", ""), "no text holds a NUL")
        _read(query, name, text)
    if query.limit is not None and query.most is not None:
        raise BadParameter("eventCountLimit", "not together with maxEventCount")
    if query.limit is not None and "orderBy" not in parameters:
        raise BadParameter("eventCountLimit", "needs orderBy")
    return query


def _read(query: Query, name: str, text: str) -> None:
    values = [each for each in text.split("|") if each]
    if name in PLAIN:
        if values or not name.startswith("EXISTS_"):
            _check_count(name, values, 1 if name.startswith(SINGLE) else MOST_VALUES)
        PLAIN[name](query, name, values)
        return
    for pattern, reader in PATTERNS:
        found = pattern.fullmatch(name)
        if found:
            if not name.startswith("EXISTS_"):
                _check_count(name, values, 1 if reader in ONE_BOUND else MOST_VALUES)
            reader(query, name, [*(each or "" for each in found.groups()), *values])
            return
    if any(pattern.fullmatch(name) for pattern in STANDARD):
        raise NotOffered(name, "not offered")
    raise BadParameter(name, "no such parameter")


def _check_count(name: str, values: Sequence[str], most: int) -> None:
    if not values:
        raise BadParameter(name, "no value")
    if len(values) > most:
        raise BadParameter(name, f"more than {most} values")


# A bound, an order, a size: one value says it (EPCIS §8.2.7 gives these no list).
SINGLE = ("GE_", "LT_", "EXISTS_", "order", "perPage", "eventCountLimit", "maxEventCount")
ANY_ROLE = tuple(Role)
HELD = (Role.EPC, Role.CHILD)
PLAIN: Mapping[str, Reader] = {
    "eventType": one_of("kind", word_of(EVENT_TYPES)),
    "GE_eventTime": bound("time", ">="),
    "LT_eventTime": bound("time", "<"),
    "GE_recordTime": bound("record_time", ">="),
    "LT_recordTime": bound("record_time", "<"),
    "EQ_action": one_of("action", word_of(ACTIONS)),
    "EQ_bizStep": one_of("biz_step", word),
    "EQ_disposition": one_of("disposition", word),
    "EQ_readPoint": located("read_point"),
    "EQ_bizLocation": located("biz_location"),
    "WD_readPoint": within("read_point"),
    "WD_bizLocation": within("biz_location"),
    "EQ_persistentDisposition_set": said("persistentDisposition_set", word),
    "EQ_persistentDisposition_unset": said("persistentDisposition_unset", word),
    "EQ_transformationID": located("transformation"),
    "EQ_eventID": named,
    "MATCH_epc": items_of(HELD, is_class=False),
    "MATCH_parentID": items_of([Role.PARENT], is_class=None),
    "MATCH_inputEPC": items_of([Role.INPUT], is_class=False),
    "MATCH_outputEPC": items_of([Role.OUTPUT], is_class=False),
    "MATCH_anyEPC": items_of(ANY_ROLE, is_class=False),
    "MATCH_epcClass": items_of(HELD, is_class=True),
    "MATCH_inputEPCClass": items_of([Role.INPUT], is_class=True),
    "MATCH_outputEPCClass": items_of([Role.OUTPUT], is_class=True),
    "MATCH_anyEPCClass": items_of(ANY_ROLE, is_class=True),
    "EXISTS_errorDeclaration": declared,
    "EQ_errorReason": one_of("error_reason", word),
    "EQ_correctiveEventID": said("correctiveEventID", lambda _name, value: value),
    "GE_errorDeclarationTime": bound("error_at", ">="),
    "LT_errorDeclarationTime": bound("error_at", "<"),
    "EXISTS_sensorElement": has_reading,
    "EQ_type": reading("r.kind = ANY(%s)", lambda _name, values: [bare(each) for each in values]),
    "EQ_deviceID": reading(f"r.device IN ({IDS})", digests),
    "GE_time": reading("r.time >= %s", lambda name, values: moment(name, values[0])),
    "LT_time": reading("r.time < %s", lambda name, values: moment(name, values[0])),
    **{f"EQ_{each}": said(each, same) for each in SENSED_URIS},
    **{f"EQ_{each}": said(each, sensed_value) for each in SENSED_WORDS},
    **{f"GE_{each}": sensed_time(each, ">=") for each in SENSED_TIMES},
    **{f"LT_{each}": sensed_time(each, "<") for each in SENSED_TIMES},
    "orderBy": order,
    "orderDirection": direction,
    "perPage": size("page", LARGEST_PAGE),
    "eventCountLimit": size("limit", 1_000_000),
    "maxEventCount": size("most", 1_000_000),
}
SCOPES = "ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT"
PATTERNS: Sequence[tuple[re.Pattern[str], Reader]] = (
    (re.compile(r"EQ_bizTransaction_(.+)"), said("bizTransaction_{}", uri_of)),
    (re.compile(r"EQ_source_(.+)"), said("source_{}", uri_of)),
    (re.compile(r"EQ_destination_(.+)"), said("destination_{}", uri_of)),
    (re.compile(r"(EQ|GT|GE|LT|LE)_quantity(?:_([A-Z0-9]{2,3}))?"), quantity),
    (re.compile(r"(EQ|GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|percValue|sDev)_([A-Z0-9]{2,3})"), measured),
    (re.compile(r"(EQ|GT|GE|LT|LE)_(percRank|sDev)()"), measured),
    (re.compile(rf"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?((?:{SCOPES})_)?((?!urn:epc:)[^\s]*:[^\s]+)"), extension),
)
ONE_BOUND = (quantity, measured)
# Of the standard, and not offered: they ask for attributes that only XML has, or belong to what is asked elsewhere.
STANDARD = tuple(re.compile(each) for each in (r"HASATTR_.+", r"EQATTR_.+", r"nextPageToken"))
