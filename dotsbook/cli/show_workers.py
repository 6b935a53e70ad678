"""How a cluster's workers show themselves to a person: a line each under the progress line, and what each did at the end."""

from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TaskID, TextColumn, TimeElapsedColumn

from dotsbook.cli.console import console
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.clusters import WorkersNow

MOST = 12  # workers with a line of their own


class Bar(BarColumn):
    """A bar where there is a length to show."""

    def render(self, task: Task) -> Any:  # a bar of rich's own, or nothing
        return super().render(task) if task.total is not None else ""


class OfSoMany(MofNCompleteColumn):
    """How many of how many, where that is known."""

    def render(self, task: Task) -> Any:
        return super().render(task) if task.total is not None else ""


def progress_bar(quiet: bool = False) -> Progress:
    """A line for the run, and room for one of each worker."""
    columns = (TextColumn("{task.description}"), Bar(), OfSoMany())
    timing = (TextColumn("{task.fields[speed]}"), TimeElapsedColumn())
    return Progress(*columns, *timing, console=console, disable=quiet or not console.is_terminal)


class ShownWorkers:
    def __init__(self, bar: Progress):
        self.bar = bar
        self.rows: dict[str, TaskID] = {}  # {address: its line}
        self.last: WorkersNow | None = None

    def hear(self, now: "WorkersNow") -> None:
        if self.last is None:
            there = ", ".join(f"{one.name} ({one.kind})" for one in now.workers if not one.left_out)
            pages = f"; dask's own pages: {now.dashboard}" if now.dashboard else ""
            console.print(f"{count(len(now.workers), 'worker')}: {there}{pages}", markup=False)
        self.last = now
        present = {one.address: one for one in now.workers if not one.left_out}
        for address in [gone for gone in self.rows if gone not in present]:
            self.bar.remove_task(self.rows.pop(address))
        for address, one in present.items():
            if address not in self.rows and len(self.rows) < MOST:
                self.rows[address] = self.bar.add_task(one.name, total=None, speed="")
            if address in self.rows:
                rate = f", {one.rate:.1f}× real time" if one.rate else ""
                self.bar.update(
                    self.rows[address],
                    description=f"  {one.name}",
                    speed=f"{one.doing or 'waits'}{rate}, {count(one.done, 'line')} so far",
                )

    def conclude(self) -> None:
        for one in self.last.workers if self.last else ():
            rate = f", {one.rate:.1f} times real time" if one.rate else ""
            console.print(f"  {one.name}: {one.left_out or count(one.done, 'line') + rate}", markup=False)
