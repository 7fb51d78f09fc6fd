"""What a long command is doing: one visible step after another, with a bar where the amount of work is known.

On a terminal the running step moves; elsewhere each step is one line when it ends. All of it goes to standard error,
so that standard output holds only the answer.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text


class _Percent(TaskProgressColumn):
    """How far, only where a total is known."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.total else Text("")


class Step:
    """One step under way."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(escape(title), total=None, detail="")
        self.detail = ""
        self.is_refused = False
        self.title = title
        self.began = time.monotonic()

    def say(self, detail: str) -> None:
        """What it is busy with just now; the last words stay beside the finished step."""
        self.detail = detail
        self._progress.update(self._task, detail=escape(detail[:70]))

    def reach(self, done: int, total: int | None = None) -> None:
        """How far it is."""
        self._progress.update(self._task, completed=done, total=total)

    def refuse(self) -> None:
        """It came to its end, but what was asked for was refused: marked as failed, without an error."""
        self.is_refused = True

    def close(self) -> None:
        self._progress.remove_task(self._task)


class Steps:
    """A run of steps on one screen."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=28, pulse_style="grey37"),
            _Percent(), TimeElapsedColumn(), TextColumn("[dim]{task.fields[detail]}"),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def rest(self) -> None:
        """No more steps: the screen belongs to what comes next."""
        self._progress.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Run one step; a failing one is marked and the error goes on."""
        step = Step(self._progress, title)
        try:
            yield step
        except BaseException:
            self._finish(step, "[red]✗[/red]")
            raise
        self._finish(step, "[red]✗[/red]" if step.is_refused else "[green]✓[/green]")

    def _finish(self, step: Step, mark: str) -> None:
        step.close()
        took = time.monotonic() - step.began
        detail = f" [dim]· {escape(step.detail)}[/dim]" if step.detail else ""
        self.console.print(f"{mark} {escape(step.title)} [dim]{took:.1f} s[/dim]{detail}", soft_wrap=True)
