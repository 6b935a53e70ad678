"""How a check shows itself: what it will take, a progress line, a line for each doubtful take; or JSON."""

import time
from typing import TYPE_CHECKING

from dotsbook.cli.console import console, emit, remark
from dotsbook.cli.show_workers import ShownWorkers, progress_bar
from dotsbook.wording import count, duration

if TYPE_CHECKING:
    from dotsbook.production.checking import CheckEvent, CheckStarted, HeardLine


class ShownCheck:
    def __init__(self, as_json: bool):
        self.as_json = as_json
        self.heard = self.doubted = 0
        self.audio = self.total = 0.0  # s heard, and to be heard
        self.takes: set[str] = set()
        self.bar = progress_bar(quiet=as_json)
        self.workers = ShownWorkers(self.bar)

    def __enter__(self) -> "ShownCheck":
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def hear(self, event: "CheckEvent") -> None:
        from dotsbook.production import checking, events

        match event:
            case events.Remark():
                remark(event.text)
            case events.WorkersNow() if not self.as_json:
                self.workers.hear(event)
            case events.WorkersNow():
                emit(event.record())
            case checking.CheckStarted():
                self.begin(event)
            case checking.HeardLine():
                self.move_on(event)

    def begin(self, event: "CheckStarted") -> None:
        self.total, self.start = event.audio, time.monotonic()
        if not self.as_json and event.takes:
            about = f", in about {duration(event.expected)}" if event.expected else ""
            console.print(f"{count(event.takes, 'take')} to hear, {duration(event.audio)} of speech{about}.")
        self.line = self.bar.add_task("hearing", total=event.takes, speed="")
        if event.takes:
            self.bar.start()

    def move_on(self, line: "HeardLine") -> None:
        self.heard += 1
        self.doubted += line.doubted
        if line.key not in self.takes:
            self.takes.add(line.key)
            self.audio += line.seconds
            rate = self.audio / max(1e-3, time.monotonic() - self.start)
            left = duration((self.total - self.audio) / rate) if rate else ""
            self.bar.update(
                self.line, completed=len(self.takes), speed=f"{rate:.1f}× real time, {left} to go"
            )
        if self.as_json:
            emit(line.record())
        elif line.doubted:
            console.print(
                f"{line.chunk}  {line.judge} {line.score:.2f}  {'; '.join(line.reasons)}", markup=False
            )
