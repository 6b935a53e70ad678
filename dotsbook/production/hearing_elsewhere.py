"""Judges of a book that hear on a cluster's workers: those that need nothing but the take. The others hear here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dotsbook.production.book_judges import respellings
from dotsbook.production.clusters import BookCluster, ClusterWish, cluster_of
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.cluster.hearing_orders import JudgeOrder
    from dotsbook.render.judges import GuardedJudge


@contextmanager
def hearing_on(
    session: Session, wish: ClusterWish | None, judges: "Sequence[GuardedJudge]"
) -> "Iterator[tuple[list[GuardedJudge], BookCluster | None]]":
    """(the judges, those that can on a cluster; the cluster, or None where it isn't wished for). ClusterError."""
    if wish is None:
        yield list(judges), None
        return
    with cluster_of(session, wish) as cluster:
        yield heard_on(session, cluster, judges), cluster


def heard_on(
    session: Session, cluster: BookCluster, judges: "Sequence[GuardedJudge]"
) -> "list[GuardedJudge]":
    """The judges, those that can on a cluster, which isn't joined yet: workers are asked for them too."""
    from dotsbook.cluster.cluster_judge import ClusterJudge
    from dotsbook.render.judges import GuardedJudge

    found = []
    for judge in judges:
        if order := order_of(session, judge):
            cluster.orders.append(order)
            cluster.expected[order.key] = judge.version
            judge = GuardedJudge(ClusterJudge(judge, order, cluster.joined))
        found.append(judge)
    return found


def order_of(session: Session, guarded: "GuardedJudge") -> "JudgeOrder | None":
    """A judge as a worker makes it; None for one that costs little, or learns from the book's own takes."""
    from dotsbook.cluster.hearing_orders import JudgeOrder
    from dotsbook.ears.ends_judge import EndsJudge
    from dotsbook.ears.words_judge import WordsJudge

    if isinstance(guarded.judge, WordsJudge):
        manifest, folder = session.project.manifest, str(session.project.folder)
        ears = manifest.ears
        words = tuple(respellings(session).items())
        return JudgeOrder(guarded.name, manifest.language, ears.recogniser, folder, ears.allow_remote, words)
    if isinstance(guarded.judge, EndsJudge) or hasattr(guarded.judge, "version_of"):
        return None
    return JudgeOrder(guarded.name, installed=True)
