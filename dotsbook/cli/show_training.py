"""How a training shows itself to a person: what it will take, a progress line with the loss's curve, a line a validation."""

from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dotsbook.cli.console import complaints, console, relative, remark
from dotsbook.wording import count, duration, size

if TYPE_CHECKING:
    from dotsbook.tuning import training_events


class ForWatchers:
    def __init__(self, quiet: bool = False) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn())
        shown = console.is_terminal and not quiet
        self.bar = Progress(*columns, TextColumn("{task.fields[said]}"), console=console, disable=not shown)
        self.losses: list[float] = []

    def __enter__(self) -> "ForWatchers":
        self.line = self.bar.add_task("latents", total=None, said="")
        self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def stopping(self) -> None:
        complaints.print("Stopping after this step; once more stops at once.", style="yellow")

    def hear(self, event: "training_events.TrainingNews") -> None:
        from dotsbook.tuning import training_events as news

        match event:
            case news.ClipsRead(done, total):
                self.bar.update(self.line, completed=done, total=total)
            case news.TuneRemark(text):
                remark(text)
            case news.TrainingForecast():
                self.foretell(event)
            case news.Stepped():
                self.losses.append(event.fm + event.eos)
                said = f"{news.spark(self.losses)} {self.losses[-1]:.3f}, {duration(event.left)} to go"
                self.bar.update(self.line, completed=event.step + 1, said=said)
            case news.Validated(step, fm, eos, best):
                words = f"step {step}: held-out loss {fm + eos:.4f} (flow matching {fm:.4f}, end {eos:.4f})"
                console.print(words + (", the best so far" if best and step else ""), markup=False)
            case news.SamplesSpoken(step, page):
                console.print(f"step {step}: lines spoken, to be heard in {relative(page)}", markup=False)
            case news.TuningEnded():
                self.conclude(event)

    def foretell(self, event: "training_events.TrainingForecast") -> None:
        begun = f", from step {event.begun_at}" if event.begun_at else ""
        again = "; layers are computed twice to save memory" if event.checkpointing else ""
        told = (
            f"{event.method}: {count(event.clips, 'clip')}, {count(event.held_out, 'line')} held out, "
            f"{event.trained / 1e6:.1f} million numbers trained",
            f"{count(event.steps, 'step')}{begun}, in about {duration(event.seconds)}; "
            f"{size(event.memory)} of memory at most, {size(event.allowed)} allowed{again}",
        )
        for sentence in told:
            console.print(sentence, markup=False)
        self.bar.update(self.line, description="steps", completed=event.begun_at, total=event.steps)

    def conclude(self, event: "training_events.TuningEnded") -> None:
        self.bar.stop()
        if event.model:
            console.print(f"Done. The model is {relative(event.model)}.", markup=False)
        elif event.whole and event.adapter:
            console.print(f"Done. The adapter is {relative(event.adapter)}.", markup=False)
