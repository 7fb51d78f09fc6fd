"""The private URIs under which engine/trace knows the parties and lots of markets and producers."""

OPERATOR = "urn:shian:operator:"
MERCHANT = "urn:shian:merchant:"
PRODUCER = "urn:shian:producer:"
WALK_IN = "urn:shian:walk-in:"
LOT = "urn:shian:lot:"
CERTIFICATE = "urn:shian:certificate:"


def operator_uri(code: str) -> str:
    """A registered operator, whatever it does."""
    return OPERATOR + code


def lot_uri(in_order: str) -> str:
    """Goods that got their lot at the gate."""
    return LOT + in_order


def certificate_uri(number: str) -> str:
    """Goods that got their lot with their certificate."""
    return CERTIFICATE + number
