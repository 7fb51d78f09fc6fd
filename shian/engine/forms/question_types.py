"""Types of questions of the published XLSForm reference: those that forms take, those refused by name. Pure."""

from dataclasses import dataclass

CHOOSING = frozenset({"select_one", "select_multiple", "rank"})
FROM_LIST = "select_one_from_file"  # of a registered list of entities only
NUMBERS = frozenset({"integer", "decimal", "range"})
TEXTS = frozenset({"text", "barcode"})
MOMENTS = frozenset({"date", "time", "datetime"})
MEDIA = frozenset({"image", "file"})
METADATA = frozenset({"start", "end", "today", "deviceid", "username"})
SILENT = METADATA | {"calculate", "hidden"}  # nobody is asked
SHOWN_ONLY = frozenset({"note"})
GROUPS = frozenset({"group", "repeat"})
SUPPORTED = CHOOSING | NUMBERS | TEXTS | MOMENTS | MEDIA | SILENT | SHOWN_ONLY | {FROM_LIST, "geopoint", "acknowledge"}

REFUSED = frozenset(
    {
        "audio", "video", "background-audio", "background-geopoint", "geotrace", "geoshape", "start-geopoint",
        "select_multiple_from_file", "select_one_external", "xml-external", "csv-external", "csv", "xml", "osm",
        "audit", "phonenumber", "simserial", "subscriberid", "email", "table-list", "select_all_that_apply",
        "select_one_or_other", "last-saved",
    }
)  # fmt: skip
SPELLINGS = {
    "datetime": "datetime", "dateTime": "datetime", "int": "integer", "string": "text", "trigger": "acknowledge",
    "picture": "image", "photo": "image", "location": "geopoint", "gps": "geopoint", "device id": "deviceid",
}  # fmt: skip
WITH_LIST = (
    ("select_one_from_file", FROM_LIST), ("select one from file", FROM_LIST),
    ("select_multiple_from_file", "select_multiple_from_file"),
    ("select multiple from file", "select_multiple_from_file"),
    ("select_one_external", "select_one_external"), ("select one external", "select_one_external"),
    ("select_one", "select_one"), ("select one", "select_one"), ("select_multiple", "select_multiple"),
    ("select multiple", "select_multiple"), ("rank", "rank"), ("osm", "osm"),
)  # fmt: skip
BRACKETS = {
    f"{verb}{mark}{noun}": (verb, noun)
    for verb in ("begin", "end")
    for mark in (" ", "_")
    for noun in ("group", "repeat")
}


@dataclass(frozen=True)
class TypeCell:
    """What a cell of the type column says. `bracket` is begin or end of a group or repeat, which `type` then names."""

    type: str
    list_name: str = ""
    bracket: str = ""
    more: str = ""  # words behind the list's name, such as or_other


def read_type(cell: str) -> TypeCell:
    """Read "select_one yes_no", "begin group", "dateTime"; a type that is unknown comes back as it stands."""
    text = " ".join(cell.split())
    if text.lower() in BRACKETS:
        verb, noun = BRACKETS[text.lower()]
        return TypeCell(noun, bracket=verb)
    for spelling, type in WITH_LIST:
        if text == spelling or text.startswith(f"{spelling} "):
            rest = text[len(spelling) :].split()
            return TypeCell(type, rest[0] if rest else "", more=" ".join(rest[1:]))
    return TypeCell(SPELLINGS.get(text, text))
