"""The web process of the phone tests: as usual, with a list of places that each inspector has two of."""

from shian.config.wsgi import application
from shian.engine.forms.datasets import Dataset, Entity, register_dataset

OWN = {"P1": "一号店", "P2": "二号店"}
register_dataset(
    Dataset(
        "points",
        entities=lambda user: [Entity(key, label) for key, label in OWN.items()],
        area_of=lambda user, key: "131022" if key in OWN else "",
    )
)
__all__ = ["application"]
