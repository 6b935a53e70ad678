"""How a render shows itself to a person: a progress line, and a sentence where one is needed."""

from typing import TYPE_CHECKING

from dotsbook.cli.console import complaints, console, remark
from dotsbook.cli.show_workers import ShownWorkers, progress_bar
from dotsbook.wording import count, duration

if TYPE_CHECKING:
    from dotsbook.production import events


class ForPeople:
    def __init__(self) -> None:
        self.figures: events.Progress | None = None
        self.bar = progress_bar()
        self.workers = ShownWorkers(self.bar)

    def __enter__(self) -> "ForPeople":
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def stopping(self) -> None:
        complaints.print("Stopping at the next take; once more stops at once.", style="yellow")

    def hear(self, event: "events.RenderEvent") -> None:
        from dotsbook.production import events

        match event:
            case events.Remark():
                remark(event.text)
            case events.Started():
                self.begin(event)
            case events.WorkersNow():
                self.workers.hear(event)
            case events.Rendered():
                self.conclude(event)
            case _:
                if isinstance(event, events.Done | events.Failed):
                    self.move_on(event.job.chunk.chapter)
                if said := events.sentence(event):
                    style = "red" if isinstance(event, events.Failed) else ""
                    console.print(said, style=style, markup=False)

    def begin(self, event: "events.Started") -> None:
        seconds = event.estimate.render_seconds
        about = f", in about {duration(seconds)}" if seconds else ""
        console.print(f"{count(event.chunks, 'take')} to make{about}.")
        self.figures = event.progress
        self.line = self.bar.add_task("rendering", total=self.figures.total, speed="")
        self.bar.start()

    def move_on(self, chapter: int) -> None:
        figures = self.figures
        assert figures is not None, "takes come after Started"
        rate = f"{figures.rate:.1f}× real time, {duration(figures.eta)} to go" if figures.rate else ""
        done = figures.done + figures.failed
        self.bar.update(self.line, completed=done, description=f"chapter {chapter}", speed=rate)

    def conclude(self, event: "events.Rendered") -> None:
        self.bar.stop()
        outcome = event.outcome
        if outcome is None:
            console.print(f"Nothing to render: all {count(event.there, 'take')} are there.", markup=False)
            return
        made = f"{count(outcome.done, 'take')} made, {duration(outcome.audio)} of speech"
        times = f"{outcome.audio / max(outcome.seconds, 1e-3):.1f} times real time"
        console.print(f"{made} in {duration(outcome.seconds)} ({times}).", markup=False)
        self.workers.conclude()
        if outcome.doubtful or outcome.failed:
            kept = f"{count(len(outcome.doubtful), 'take')} of this run kept though doubtful"
            console.print(f"{kept}, {len(outcome.failed)} failed: listen in {event.report}.", markup=False)
        if outcome.stopped and outcome.stopped != "interrupted":
            left = count(outcome.left, "chunk")
            console.print(f"Stopped at the time asked for; {left} to go: the same command goes on.")
