"""GeoJSON that names its datum.

RFC 7946 knows WGS 84 only. Coordinates here are CGCS2000 (EPSG:4490), as Chinese registers keep them. The two frames
differ by centimetres, far below the accuracy of the positions, so none is converted on the way in or out; a map in
GCJ-02 needs the shift that its maker prescribes, made by the reader.
"""

from typing import Any, Literal

from ninja import Schema

DATUM = "CGCS2000"
NOTE = (
    "Longitude and latitude in degrees, CGCS2000 (EPSG:4490), not converted: it differs from WGS 84 by centimetres. "
    "Not GCJ-02."
)


class FeatureOut(Schema):
    type: Literal["Feature"]
    properties: dict[str, Any]
    geometry: dict[str, Any]


class ReferenceOut(Schema):
    """The frame of the coordinates."""

    datum: str
    epsg: int
    note: str


class FeatureCollectionOut(Schema):
    """RFC 7946 with one foreign member, `coordinate_reference`."""

    type: Literal["FeatureCollection"]
    coordinate_reference: ReferenceOut
    features: list[FeatureOut]


def feature_collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """The features with the frame that their coordinates are in."""
    reference = {"datum": DATUM, "epsg": 4490, "note": NOTE}
    return {"type": "FeatureCollection", "coordinate_reference": reference, "features": features}
