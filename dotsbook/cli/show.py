"""How a render shows itself: a progress line for a person, a line of JSON an event for a program."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from dotsbook.cli.console import complaints, console, emit
from dotsbook.cli.words import count, duration


class Reporter(Protocol):
    def say(self, sentence: str) -> None: ...

    def stopping(self) -> None: ...

    def working(self, pending: Iterable, chapters, missing: Iterable) -> Iterator[Callable]: ...


def reporter(as_json: bool) -> Reporter:
    return ForPrograms() if as_json else ForPeople()


class ForPeople:
    def say(self, sentence: str) -> None:
        console.print(sentence, markup=False)

    def stopping(self) -> None:
        complaints.print("Stopping at the next take; once more stops at once.", style="yellow")

    @contextmanager
    def working(self, pending: Iterable, chapters, missing: Iterable) -> Iterator[Callable]:
        """Yield what takes events in and draws the line: takes, speed, time to go. missing: all, beyond any --limit."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from dotsbook.render.progress import Done, Failed, Halved, Paused, Restarted, Resumed
        from dotsbook.render.progress import Progress as Figures

        figures, titles = (
            Figures(pending, missing=missing),
            {listed.number: listed.title for listed in chapters},
        )
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            line = bar.add_task("rendering", total=figures.total, speed="")

            def hear(event) -> None:
                finished = figures.add(event)
                if isinstance(event, Done | Failed):
                    chapter = event.job.chunk.chapter
                    rate = (
                        f"{figures.rate:.1f}× real time, {duration(figures.eta)} to go"
                        if figures.rate
                        else ""
                    )
                    bar.update(
                        line,
                        completed=figures.done + figures.failed,
                        description=f"chapter {chapter}",
                        speed=rate,
                    )
                    if finished:
                        console.print(
                            f"chapter {chapter} is rendered: {titles.get(chapter, '')}", markup=False
                        )
                if isinstance(event, Failed):
                    console.print(f"{event.job.chunk.id} failed: {event.error}", style="red", markup=False)
                elif isinstance(event, Halved):
                    console.print(
                        f"not enough memory for {count(event.size, 'line')} together: smaller batches from here",
                        style="yellow",
                    )
                elif isinstance(event, Paused):
                    away = f"the voice engine is away ({event.reason}): it is asked again in"
                    console.print(f"{away} {duration(event.seconds)}", style="yellow", markup=False)
                elif isinstance(event, Resumed):
                    console.print("the voice engine is there again", style="yellow")
                elif isinstance(event, Restarted):
                    console.print(
                        f"the voice engine was started again ({event.reason})", style="yellow", markup=False
                    )

            yield hear


class ForPrograms:
    def say(self, sentence: str) -> None:
        emit({"event": "said", "text": sentence})

    def stopping(self) -> None:
        emit({"event": "stopping"})

    @contextmanager
    def working(self, pending: Iterable, chapters, missing: Iterable) -> Iterator[Callable]:
        from dotsbook.render.progress import Progress as Figures

        figures = Figures(pending, missing=missing)
        emit({"event": "started", "chunks": figures.total})

        def hear(event) -> None:
            figures.add(event)
            emit(
                described(event)
                | {
                    "finished": figures.done,
                    "failed": figures.failed,
                    "rate": figures.rate,
                    "eta": figures.eta,
                }
            )

        yield hear


def described(event) -> dict:
    from dotsbook.render.progress import Added, Done, Failed, Halved, Paused, Resumed, Retried

    match event:
        case Done():
            return {
                "event": "done",
                "chunk": event.job.chunk.id,
                "key": event.take.key,
                "seconds": round(event.take.seconds, 3),
                "attempts": event.take.attempts,
                "healthy": event.take.healthy,
                "reasons": list(event.reasons),
            }
        case Failed():
            return {
                "event": "failed",
                "chunk": event.job.chunk.id,
                "attempts": event.attempts,
                "error": event.error,
            }
        case Retried():
            return {
                "event": "retried",
                "chunk": event.job.chunk.id,
                "attempt": event.attempt,
                "reasons": list(event.reasons),
            }
        case Added():
            return {"event": "added", "chunk": event.job.chunk.id, "key": event.job.key}
        case Paused():
            return {"event": "paused", "reason": event.reason, "seconds": event.seconds}
        case Resumed():
            return {"event": "resumed", "seconds": round(event.seconds, 1)}
        case Halved():
            return {"event": "halved", "size": event.size}
    return {"event": "restarted", "reason": event.reason}
