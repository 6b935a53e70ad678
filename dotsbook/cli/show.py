"""How a render shows itself to a person: a progress line, a sentence where one is needed."""

from types import TracebackType
from typing import TYPE_CHECKING

from dotsbook.cli.console import complaints, console, remark
from dotsbook.cli.words import count, duration

if TYPE_CHECKING:
    from dotsbook.production.events import Done, Failed, Rendered, RenderEvent, Started


class ForPeople:
    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self.figures: Progress | None = None
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        timing = (TextColumn("{task.fields[speed]}"), TimeElapsedColumn())
        self.bar = Progress(*columns, *timing, console=console, disable=not console.is_terminal)

    def __enter__(self) -> "ForPeople":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def stopping(self) -> None:
        complaints.print("Stopping at the next take; once more stops at once.", style="yellow")

    def hear(self, event: "RenderEvent") -> None:
        from dotsbook.production import events

        match event:
            case events.Remark():
                remark(event.text)
            case events.Started():
                self.begin(event)
            case events.Rendered():
                self.conclude(event)
            case events.Halved():
                lines = count(event.size, "line")
                console.print(
                    f"not enough memory for {lines} together: smaller batches from here", style="yellow"
                )
            case events.Restarted():
                console.print(
                    f"the voice engine was started again ({event.reason})", style="yellow", markup=False
                )
            case events.Paused():
                wait = f"trying again in {duration(event.seconds)}"
                console.print(f"waiting: {event.reason} ({wait})", style="yellow", markup=False)
            case events.Resumed():
                console.print("the voice engine is there again", markup=False)
            case events.Added():
                console.print(f"{event.job.chunk.id} is asked for, and made in this run", markup=False)
            case events.Done() | events.Failed():
                self.move_on(event)
            case events.ChapterDone():
                console.print(f"chapter {event.number} is rendered: {event.title}", markup=False)

    def begin(self, event: "Started") -> None:
        seconds = event.estimate.render_seconds
        about = f", in about {duration(seconds)}" if seconds else ""
        console.print(f"{count(event.chunks, 'take')} to make{about}.")
        self.figures = event.progress
        self.line = self.bar.add_task("rendering", total=self.figures.total, speed="")
        self.bar.start()

    def move_on(self, event: "Done | Failed") -> None:
        from dotsbook.production.events import Failed

        figures, chapter = self.figures, event.job.chunk.chapter
        assert figures is not None, "takes come after Started"
        rate = f"{figures.rate:.1f}× real time, {duration(figures.eta)} to go" if figures.rate else ""
        finished = figures.done + figures.failed
        self.bar.update(self.line, completed=finished, description=f"chapter {chapter}", speed=rate)
        if isinstance(event, Failed):
            console.print(f"{event.job.chunk.id} failed: {event.error}", style="red", markup=False)

    def conclude(self, event: "Rendered") -> None:
        self.bar.stop()
        outcome = event.outcome
        if outcome is None:
            console.print(f"Nothing to render: all {count(event.there, 'take')} are there.", markup=False)
            return
        made = f"{count(outcome.done, 'take')} made, {duration(outcome.audio)} of speech in {duration(outcome.seconds)}"
        console.print(
            f"{made} ({outcome.audio / max(outcome.seconds, 1e-3):.1f} times real time).", markup=False
        )
        if outcome.doubtful or outcome.failed:
            doubtful = count(len(outcome.doubtful), "take")
            console.print(
                f"{doubtful} of this run kept though doubtful, {len(outcome.failed)} failed: listen in {event.report}.",
                markup=False,
            )
        if outcome.stopped and outcome.stopped != "interrupted":
            left = count(outcome.left, "chunk")
            console.print(f"Stopped at the time asked for; {left} to go: the same command goes on.")
