import resource
from collections.abc import Callable

from shian.config.operation.frames import with_room

CALLS = 200


def _faults_of_a_loop() -> int:
    """Pages of memory that the system had to hand out for a loop of small calls."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        _small()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def _small() -> None:
    return None


def _below(depth: int, work: Callable[[], int]) -> int:
    return work() if depth == 0 else _below(depth - 1, work)


def test_with_room_asks_the_system_for_no_memory_at_any_depth() -> None:
    worst = max(with_room(_below)(depth, _faults_of_a_loop) for depth in range(400))

    assert worst < CALLS / 2


def test_with_room_passes_arguments_and_answer() -> None:
    assert with_room(divmod)(7, 2) == (3, 1)
