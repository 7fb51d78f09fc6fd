"""Units of UN/ECE Recommendation 20 in SI, for what a cold chain measures and a market weighs.

Codes that are not here are legal too: their values are kept as told and compared with values of the same code only.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """`value × factor + offset` is in the SI unit of the dimension."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


UNITS: Mapping[str, Unit] = {
    "KEL": Unit("temperature"), "CEL": Unit("temperature", 1.0, 273.15),
    "FAH": Unit("temperature", 5 / 9, 459.67 * 5 / 9),
    "KGM": Unit("mass"), "GRM": Unit("mass", 1e-3), "MGM": Unit("mass", 1e-6), "TNE": Unit("mass", 1e3),
    "DTN": Unit("mass", 1e2), "LBR": Unit("mass", 0.45359237), "ONZ": Unit("mass", 0.028349523125),
    "MTQ": Unit("volume"), "LTR": Unit("volume", 1e-3), "MLT": Unit("volume", 1e-6), "HLT": Unit("volume", 0.1),
    "CMQ": Unit("volume", 1e-6), "DMQ": Unit("volume", 1e-3),
    "C62": Unit("number"), "EA": Unit("number"), "H87": Unit("number"), "DZN": Unit("number", 12),
    "P1": Unit("ratio", 1e-2), "59": Unit("ratio", 1e-6), "61": Unit("ratio", 1e-9),
    "MTR": Unit("length"), "CMT": Unit("length", 1e-2), "MMT": Unit("length", 1e-3), "KMT": Unit("length", 1e3),
    "SEC": Unit("time"), "MIN": Unit("time", 60), "HUR": Unit("time", 3600), "DAY": Unit("time", 86400),
    "MTS": Unit("speed"), "KMH": Unit("speed", 1 / 3.6),
    "PAL": Unit("pressure"), "A97": Unit("pressure", 1e2), "KPA": Unit("pressure", 1e3), "BAR": Unit("pressure", 1e5),
    "LUX": Unit("illuminance"),
    "A93": Unit("concentration", 1e-3), "GQ": Unit("concentration", 1e-9), "M1": Unit("concentration", 1e-3),
    "C36": Unit("molar"), "C35": Unit("molar", 1e3),
    "JOU": Unit("energy"), "KWH": Unit("energy", 3.6e6), "VLT": Unit("voltage"), "AMP": Unit("current"),
}  # fmt: skip
# Measurement types of the GS1 Web Vocabulary and what they are measured in; others may use any unit.
MEASURED_IN: Mapping[str, str] = {
    "Temperature": "temperature", "RelativeHumidity": "ratio", "AbsoluteHumidity": "concentration", "Mass": "mass",
    "Volume": "volume", "Length": "length", "Speed": "speed", "Pressure": "pressure", "Illuminance": "illuminance",
    "Time": "time", "Voltage": "voltage", "ElectricCurrent": "current", "Energy": "energy",
}  # fmt: skip


def to_si(value: float, code: str) -> float | None:
    """The value in the SI unit of its dimension: (4, "CEL") → 277.15; None for a code that is not known here."""
    unit = UNITS.get(code)
    return None if unit is None else value * unit.factor + unit.offset


def kilograms(value: float | None, code: str) -> float | None:
    """A mass in kilograms; None for what is told in another unit, or not at all."""
    unit = UNITS.get(code)
    return None if value is None or unit is None or unit.dimension != "mass" else value * unit.factor


def scale(code: str) -> float:
    """What a difference in this unit is multiplied by for the SI unit: a spread of 1 FAH is 0.5556 KEL."""
    unit = UNITS.get(code)
    return 1.0 if unit is None else unit.factor


def alike(code: str) -> tuple[str, ...]:
    """The codes whose values may be compared with values in this one, itself first."""
    unit = UNITS.get(code)
    if unit is None:
        return (code,)
    return (code, *(each for each, other in UNITS.items() if other.dimension == unit.dimension and each != code))


def fits(measurement: str, code: str) -> bool:
    """May a measurement of this type be told in this unit? Where either is not known here, it may."""
    wanted, unit = MEASURED_IN.get(measurement), UNITS.get(code)
    return not wanted or not unit or unit.dimension == wanted
