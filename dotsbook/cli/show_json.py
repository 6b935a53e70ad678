"""How a render shows itself to a program: a line of JSON an event."""

from typing import TYPE_CHECKING

from dotsbook.cli.console import emit

if TYPE_CHECKING:
    from dotsbook.production.events import Progress, RenderEvent


class ForPrograms:
    def __init__(self) -> None:
        self.figures: Progress | None = None

    def __enter__(self) -> "ForPrograms":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def stopping(self) -> None:
        emit({"event": "stopping"})

    def hear(self, event: "RenderEvent") -> None:
        from dotsbook.production.events import Started, record

        if isinstance(event, Started):
            self.figures = event.progress
        emit(record(event) | (self.figures.record() if self.figures else {}))
