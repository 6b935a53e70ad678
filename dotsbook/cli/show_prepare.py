"""How a preparation shows itself: a progress line, and a table of what wasn't taken; or JSON."""

from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dotsbook.cli.console import complaints, console, emit, plain, remark, table
from dotsbook.wording import count, duration

if TYPE_CHECKING:
    from dotsbook.tuning.prepare_events import PreparedSet, PrepareEvent


class PrepareShow:
    def __init__(self, as_json: bool):
        self.as_json, self.done = as_json, False
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
        hidden = as_json or not complaints.is_terminal
        self.bar = Progress(*columns, TimeElapsedColumn(), console=complaints, disable=hidden)
        self.line = self.bar.add_task("recordings", total=None, left="")

    def __enter__(self) -> "PrepareShow":
        self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def hear(self, event: "PrepareEvent") -> None:
        from dotsbook.tuning.prepare_events import ClipKept, LookedAt, PreparedSet

        if isinstance(event, LookedAt):
            self.bar.update(
                self.line, description=event.what, completed=event.done, total=event.total, left=""
            )
        elif isinstance(event, PreparedSet):
            self.conclude(event)
        elif event.progress:
            left = event.progress.left
            told = "" if left is None else f"{duration(left)} to go"
            self.bar.update(self.line, completed=event.progress.done, total=event.progress.total, left=told)
            if self.as_json and not isinstance(event, ClipKept):
                emit({"rejected": event.where, "reason": event.why.reason, "detail": event.why.detail})

    def conclude(self, event: "PreparedSet") -> None:
        self.done = True
        self.bar.stop()
        if self.as_json:
            emit(event.record())
            return
        for sentence in event.remarks:
            remark(sentence)
        if event.rejected:
            rows = table("not taken", "clips", "for example", right=[1])
            for reason, number in event.reasons.most_common():
                where, why = next(one for one in event.rejected if one[1].reason == reason)
                rows.add_row(reason, str(number), plain(f"{where}: {why.detail}"))
            console.print(rows)
        data = event.data
        console.print(
            f"{data.folder}: {count(len(data.all_lines), 'clip')}, {duration(data.seconds)}, "
            f"{count(len(data.held_out), 'line')} held out; {count(len(event.rejected), 'clip')} not taken.",
            markup=False,
        )
