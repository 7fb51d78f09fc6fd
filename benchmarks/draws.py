"""The promise of draws: 64,098 operators in 33 strata are frozen, and drawn, in two seconds each: the rules alone."""

from benchmarks.harness import Line, timed
from shian.engine.draws.rules.sampling import FrameRow, Parameters, draw, frame_digest, frame_of

POPULATION, STRATA = 64_098, 33
DRAW, FREEZE = 2.0, 2.0
KEY = "3341.62/9.18.26.34.41.45./"
PARAMETERS = Parameters("0.2", minimum=2, reserves="0.5")


def measure() -> list[Line]:
    """Freezing and drawing a city's register; the rules alone, without a database."""
    rows = [FrameRow(f"1310-{number:06}", f"业态{number % STRATA:02}", area="131002") for number in range(POPULATION)]
    freezing = timed(lambda: frame_digest(frame_of(rows)), runs=3, warm=1)
    frame = frame_of(rows)
    drawing = timed(lambda: draw(frame, PARAMETERS, KEY), runs=5, warm=1)
    told = f"{POPULATION:,} in {STRATA} strata, a fifth and half as many reserves"
    return [
        Line("freeze and hash a frame", freezing.wall, "s", f"≤ {FREEZE:g} s", freezing.wall <= FREEZE, told),
        Line("draw from it", drawing.wall, "s", f"≤ {DRAW:g} s", drawing.wall <= DRAW, told),
    ]
