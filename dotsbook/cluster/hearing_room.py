"""What a worker does to hear takes: makes each judge once and asks it, on one thread. It knows no dask."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.orders import BatchAnswer, OpinionThere
from dotsbook.errors import DotsbookError, ModelError
from dotsbook.render.judges import GuardedJudge, HeardTake, find
from dotsbook.voices.engine import Voice


class HearingRoom:
    def __init__(self, fetch: bool = False):
        self.fetch = fetch  # recognisers that aren't here may be fetched
        self.judges: dict[JudgeOrder, GuardedJudge] = {}
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="hearing")

    def described(self, order: JudgeOrder) -> dict[str, object]:
        """A judge as it is here; `error` says why it can't hear."""
        try:
            version = self.thread.submit(self.judge, order).result().version
        except DotsbookError as error:
            return {"error": str(error)}
        return {"identity": version, "in_keys": version, "rate": 0, "together": 1, "facts": {}}

    def judge(self, order: JudgeOrder) -> GuardedJudge:
        """The judge, made once. ModelError where that can't be."""
        if order not in self.judges:
            self.judges[order] = (
                installed_judge(order.name) if order.installed else words_judge(order, self.fetch)
            )
        return self.judges[order]

    def hear(self, order: HearingOrder, address: str) -> BatchAnswer:
        return self.thread.submit(self.heard, order, address).result()

    def heard(self, order: HearingOrder, address: str) -> BatchAnswer:
        import soundfile

        start, judge = time.monotonic(), self.judge(order.judge)
        samples, rate = soundfile.read(io.BytesIO(order.flac), dtype="float32", always_2d=False)
        take = HeardTake(samples, rate, order.text, order.language, Voice(order.speaker), order.take)
        kept = judge.hear(take)
        said = OpinionThere(kept.opinion) if kept else OpinionThere(error=judge.complaint)
        return BatchAnswer(address, (said,), seconds=time.monotonic() - start, audio=len(samples) / rate)

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)


def installed_judge(name: str) -> GuardedJudge:
    """One found by its entry point."""
    judges, told = find()
    found = next((judge for judge in judges if judge.name == name), None)
    if found is None:
        raise ModelError(f"the judge `{name}` isn't installed there{f' ({told[0]})' if told else ''}")
    return found


def words_judge(order: JudgeOrder, fetch: bool) -> GuardedJudge:
    """The judge of words, by the recogniser that the order names."""
    from dotsbook.ears.recognisers import recogniser_of
    from dotsbook.ears.words_judge import WordsJudge

    named = (order.recogniser, Path(order.folder), order.language, order.allow_remote, fetch)
    return GuardedJudge(WordsJudge(recogniser_of(*named), dict(order.respelled)))
