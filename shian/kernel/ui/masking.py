"""Masks of personal data, by kind. A column or fact declares its kind once; whatever draws it masks it from then on.

    Column("phone", _("手机"), personal=Personal.PHONE)    # lists and exports show 138****1234
    Fact(_("联系电话"), number, personal=Personal.PHONE)    # so do record pages
    Cell(number, is_revealed=True)      # a page may lift the mask for who handles the file; an export never does

Inside the administration the masks are the national practice (PIPL Art. 6, minimisation); the public sees less. Pure.
"""

import re
from enum import StrEnum

COMPOUND_SURNAMES = frozenset(
    {"欧阳", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台"}
    | {"皇甫", "宗政", "濮阳", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空"}
    | {"令狐", "端木"}
)
_TOWN = re.compile(r"^.*?(?:街道办事处|街道|乡|镇|苏木)")
_COUNTY = re.compile(r"^(?:[^省]{1,8}省|[^区]{1,8}自治区)?(?:[^市]{1,8}市)?(?:.{1,8}?(?:(?<![小社园])区|县|旗|市))?")


class Personal(StrEnum):
    """What a value tells of a person."""

    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"
    PLATE = "plate"


def masked_name(name: str) -> str:
    """王明 → 王*, 王小明 → 王*明, 欧阳小明 → 欧阳*明: first and last are kept, a compound surname stays whole."""
    surname = _surname(name)
    given = name[surname:]
    if not given:
        return f"{name[:1]}*" if name else ""
    return name[:surname] + "*" * max(len(given) - 1, 1) + (given[-1] if len(given) > 1 else "")


def _surname(name: str) -> int:
    return 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1


def public_name(name: str) -> str:
    """王明 → 王**, 欧阳小明 → 欧阳**: what the public reads of a person, always two asterisks."""
    return f"{name[: _surname(name)]}**" if name else ""


def masked_identity(number: str) -> str:
    """131002199001010010 → 131002********0010; anything shorter is hidden but for its last two."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return _tail(number, 2)


def masked_phone(phone: str) -> str:
    """13812341234 → 138****1234; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return _tail(phone, 2)


def masked_address(address: str) -> str:
    """廊坊市固安县柳泉镇幸福路1号 → 廊坊市固安县柳泉镇***; one without a township keeps its county, else nothing."""
    found = _TOWN.match(address) or _COUNTY.match(address)
    return f"{found.group() if found else ''}***" if address else ""


def masked_account(number: str) -> str:
    """6222021001116245702 → ***************5702."""
    return _tail(number, 4)


def masked_plate(plate: str) -> str:
    """冀R·12312 → 冀R·***12: place and the last two are kept."""
    head = 3 if plate[2:3] in {"·", "•", " "} else 2
    rest = plate[head:]
    return plate[:head] + _tail(rest, 2) if len(rest) > 2 else "*" * len(plate)


def _tail(text: str, kept: int) -> str:
    return "*" * len(text) if len(text) <= kept else "*" * (len(text) - kept) + text[-kept:]


_INTERNAL = {
    Personal.NAME: masked_name,
    Personal.IDENTITY: masked_identity,
    Personal.PHONE: masked_phone,
    Personal.ADDRESS: masked_address,
    Personal.ACCOUNT: masked_account,
    Personal.PLATE: masked_plate,
}


def masked(kind: str, value: object) -> str:
    """The value as colleagues see it in lists, records, exports and the interface; "" stays "".

    Raises ValueError for a kind that is no Personal.
    """
    text = "" if value is None else str(value).strip()
    return _INTERNAL[Personal(kind)](text)


def masked_for_public(kind: str, value: object) -> str:
    """The value as the public sees it: a surname, a county, the place of a plate; of all else nothing.

    Raises ValueError for a kind that is no Personal.
    """
    text = "" if value is None else str(value).strip()
    personal = Personal(kind)
    if not text:
        return ""
    if personal is Personal.NAME:
        return public_name(text)
    if personal is Personal.ADDRESS:
        found = _COUNTY.match(text)
        return f"{found.group() if found else ''}***"
    if personal is Personal.PLATE:
        head = 3 if text[2:3] in {"·", "•", " "} else 2
        return text[:head] + "*" * (len(text) - head)
    return ""
