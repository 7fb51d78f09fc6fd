"""Why an action cannot be taken."""


class TradeRefused(ValueError):
    """The step cannot be taken; the text says why, for the user. `field` names the field of a form that it concerns."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field or None
