from dataclasses import dataclass

from shian.kernel.events.bus import publish, subscribe


@dataclass(frozen=True)
class DoorOpened:
    door: str


@dataclass(frozen=True)
class WindowOpened:
    window: str


def test_handlers_hear_their_own_event_once() -> None:
    heard: list[str] = []

    def hear(event: DoorOpened) -> None:
        heard.append(event.door)

    subscribe(DoorOpened, hear)
    subscribe(DoorOpened, hear)
    publish(DoorOpened("前门"))
    publish(WindowOpened("后窗"))

    assert heard == ["前门"]
