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
        figures = self.figures
        so_far = (
            {"finished": figures.done, "failed": figures.failed, "rate": figures.rate, "eta": figures.eta}
            if figures
            else {}
        )
        emit(record(event) | so_far)
