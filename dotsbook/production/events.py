"""What a render tells of, and each event as other programs read it. Those of the loop itself are passed on as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import Unfinished
from dotsbook.production.clusters import BookCluster, WorkersNow
from dotsbook.production.estimate import Estimate
from dotsbook.render.progress import (
    Added,
    Done,
    Failed,
    Halved,
    Outcome,
    Paused,
    Progress,
    Restarted,
    Resumed,
    Retried,
)
from dotsbook.wording import count, duration


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence the user should be told."""

    text: str


@dataclass(frozen=True, slots=True)
class Started:
    """Rendering begins. `progress` is kept up to date: look at it after any event."""

    chunks: int  # still to be rendered, by this run
    estimate: Estimate
    progress: Progress


@dataclass(frozen=True, slots=True)
class ChapterDone:
    """A chapter lacks no take any more."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The last event: what the run came to."""

    outcome: Outcome | None  # None: nothing was missing
    there: int  # takes that were asked for
    report: Path | None  # the page of doubtful takes, if there is one

    def require_complete(self) -> None:
        """Raise Unfinished if a chunk failed."""
        if not self.outcome or not self.outcome.failed:
            return
        failed = self.outcome.failed
        raise Unfinished(
            f"{count(len(failed), 'chunk')} could not be rendered, {failed[0].job.chunk.id} first ({failed[0].error}); "
            "`dotsbook status` names them all, and `dotsbook render` tries them again."
        )


RenderEvent = (
    Remark
    | Started
    | Done
    | Retried
    | Failed
    | ChapterDone
    | Added
    | Halved
    | Restarted
    | Paused
    | Resumed
    | WorkersNow
    | Rendered
)


def of_cluster(cluster: BookCluster | None) -> Iterator[Remark | WorkersNow]:
    """What is to be told of a cluster, and now and then what its workers do."""
    for news in cluster.told() if cluster else ():
        yield Remark(news) if isinstance(news, str) else news


def record(event: RenderEvent) -> dict:
    """An event as other programs read it: docs/json.md."""
    match event:
        case Remark():
            return {"event": "said", "text": event.text}
        case Started():
            return {"event": "started", "chunks": event.chunks}
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
        case WorkersNow():
            return event.record()
        case Added():
            return {"event": "added", "chunk": event.job.chunk.id, "key": event.job.key}
        case ChapterDone():
            return {"event": "chapter", "number": event.number, "title": event.title}
        case Halved():
            return {"event": "halved", "size": event.size}
        case Restarted():
            return {"event": "restarted", "reason": event.reason}
        case Paused():
            return {"event": "paused", "reason": event.reason, "seconds": event.seconds}
        case Resumed():
            return {"event": "resumed", "seconds": round(event.seconds, 1)}
        case Rendered():
            return {"event": "rendered", **came_to(event)}


def came_to(event: Rendered) -> dict:
    outcome = event.outcome
    return {
        "takes": event.there,
        "made": outcome.done if outcome else 0,
        "lost": len(outcome.failed) if outcome else 0,
        "doubtful": len(outcome.doubtful) if outcome else 0,
        "left": outcome.left if outcome else 0,
        "stopped": outcome.stopped if outcome else None,
        "report": str(event.report) if event.report else None,
    }


def sentence(event: RenderEvent) -> str | None:
    """What a person should be told of an event at once; None for one that only moves the figures on."""
    match event:
        case Remark():
            return event.text
        case ChapterDone():
            return f"chapter {event.number} is rendered: {event.title}"
        case Failed():
            return f"{event.job.chunk.id} failed: {event.error}"
        case Added():
            return f"{event.job.chunk.id} is asked for, and made in this run"
        case Halved():
            return f"not enough memory for {count(event.size, 'line')} together: smaller batches from here"
        case Restarted():
            return f"the voice engine was started again ({event.reason})"
        case Paused():
            return (
                f"the voice engine is away ({event.reason}): it is asked again in {duration(event.seconds)}"
            )
        case Resumed():
            return "the voice engine is there again"
    return None
