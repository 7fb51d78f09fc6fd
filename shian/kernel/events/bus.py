"""The in-process bus: an event class has handlers, called in the order of subscription."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` with each published event of exactly this class. Subscribing twice counts once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def publish(event: object) -> None:
    """Hand the event to its handlers now, in the caller's transaction; an error of a handler is the caller's."""
    for handler in _handlers[type(event)]:
        handler(event)
