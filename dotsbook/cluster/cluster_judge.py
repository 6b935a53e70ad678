"""A judge whose takes are heard by a cluster: same name, version and opinions as the judge that it stands for."""

import io
import threading
from collections.abc import Callable

from dotsbook.audio import write_flac
from dotsbook.cluster.dask_cluster import DaskCluster
from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.orders import OpinionThere
from dotsbook.errors import ModelError
from dotsbook.render.judges import GuardedJudge, HeardTake
from dotsbook.render.opinions import Opinion
from dotsbook.voices.engine import EngineUnavailable


class ClusterJudge:
    """One judge of a book, on every worker that has it in this version."""

    parallel = True

    def __init__(self, judge: GuardedJudge, order: JudgeOrder, cluster: Callable[[], DaskCluster]):
        """cluster: gives the cluster, which whoever made it opens and closes."""
        self.name, self.version, self.threshold = judge.name, judge.version, judge.threshold
        self.order, self.cluster, self.closed = order, cluster, threading.Event()

    def hear(self, take: HeardTake) -> Opinion | None:
        """As the judge does it. ModelError where it wasn't able to."""
        sound = io.BytesIO()
        write_flac(sound, take.samples, take.rate)
        order = HearingOrder(
            self.order, take.key, sound.getvalue(), take.text, take.language, take.voice.name
        )
        [said] = self.asked(order)
        assert isinstance(said, OpinionThere)
        if said.error:
            raise ModelError(said.error)
        return said.opinion

    def asked(self, order: HearingOrder) -> tuple:
        """The answer, waited for while nobody can give one."""
        cluster = self.cluster()
        while True:
            try:
                answer = cluster.ask(order, 0.0, self.closed)
                assert answer is not None, "a check isn't wound down"
                return answer.lines
            except EngineUnavailable as error:
                cluster.crew.tell_once(f"Nobody hears now: {error}; it goes on when somebody is there.")
                cluster.link.ended.wait(error.retry_after or 1.0)
