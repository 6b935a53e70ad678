"""A judge whose takes are heard by a cluster: same name, version and opinions as the judge that it stands for."""

import io
import threading
from collections.abc import Callable

from dotsbook.audio import write_flac
from dotsbook.cluster.dask_cluster import DaskCluster
from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.orders import OpinionThere
from dotsbook.cluster.scheduler_link import FIRST
from dotsbook.errors import ModelError
from dotsbook.render.judges import GuardedJudge, HeardTake
from dotsbook.render.opinions import Opinion
from dotsbook.voices.engine import EngineUnavailable


class ClusterJudge:
    """One judge of a book, on every worker that has it in this version; where none has it, here."""

    parallel = True

    def __init__(self, judge: GuardedJudge, order: JudgeOrder, cluster: Callable[[], DaskCluster]):
        """cluster: gives the cluster, which whoever made it opens and closes."""
        self.name, self.version, self.threshold = judge.name, judge.version, judge.threshold
        self.here, self.order, self.cluster, self.closed = judge, order, cluster, threading.Event()

    def hear(self, take: HeardTake) -> Opinion | None:
        """As the judge does it. ModelError where it wasn't able to."""
        cluster = self.cluster()
        if cluster.crew.members and not cluster.crew.able(self.order.key):
            opinion, able = self.here.heard(take)
            said = OpinionThere(opinion, "" if able else self.here.complaint)
        else:
            said = self.there(cluster, take)
        if said.error:
            raise ModelError(said.error)
        return said.opinion

    def there(self, cluster: DaskCluster, take: HeardTake) -> OpinionThere:
        """What a worker says, waited for while nobody can."""
        sound = io.BytesIO()
        write_flac(sound, take.samples, take.rate)
        about = (take.text, take.language, take.voice.name)
        order = HearingOrder(self.order, take.key, sound.getvalue(), *about)
        while True:
            try:
                answer = cluster.ask(order, FIRST, self.closed)
            except EngineUnavailable as error:
                cluster.crew.tell_once(f"Nobody hears now: {error}; it goes on when somebody is there.")
                cluster.link.ended.wait(error.retry_after or 1.0)
                continue
            [said] = answer.lines if answer else [OpinionThere(error="the run was ended")]
            assert isinstance(said, OpinionThere)
            return said
