"""The private URIs under which engine/trace knows the parties and lots of markets, producers, cold chain
and kitchens."""

from shian.engine.trace.rules.identifiers import CROWD

OPERATOR = "urn:shian:operator:"
MERCHANT = "urn:shian:merchant:"
PRODUCER = "urn:shian:producer:"
WALK_IN = CROWD
LOT = "urn:shian:lot:"
CERTIFICATE = "urn:shian:certificate:"
COLD = "urn:shian:cold:"
SHEET = "urn:shian:sheet:"
COOKING = "urn:shian:cooking:"


def scanned(text: str) -> str:
    """The code in what was typed, or scanned from a label, which holds an address that ends with it."""
    told = text.strip()
    return told.rstrip("/").rpartition("/")[2] if "://" in told else told


def operator_uri(code: str) -> str:
    """A registered operator, whatever it does."""
    return OPERATOR + code


def lot_uri(in_order: str) -> str:
    """Goods that got their lot at the gate."""
    return LOT + in_order


def certificate_uri(number: str) -> str:
    """Goods that got their lot with their certificate."""
    return CERTIFICATE + number


def cold_uri(code: str) -> str:
    """A batch of imported food under its code."""
    return COLD + code


def sheet_uri(number: str) -> str:
    """A dish of a kitchen under the number of its batch sheet."""
    return SHEET + number


def cooking_uri(number: str) -> str:
    """The cooking itself: inputs lead to it, the dish leads from it."""
    return COOKING + number
