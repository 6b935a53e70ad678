"""Requests answered on a few threads, each handed out as it is done. It knows no engine."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice

from dotsbook.voices.engine import Request, Spoken


def spoken_side_by_side(
    batch: Sequence[Request], answer: Callable[[Request], Spoken], threads: int, ahead: int, name: str
) -> Iterator[Spoken]:
    """Yield each as it is done; `ahead`: answers that may wait for the caller. What `answer` raises comes out here.

    Leaving the iterator early ends the work that isn't begun.
    """
    unasked = iter(batch)
    pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
    try:
        out = {pool.submit(answer, request) for request in islice(unasked, ahead + threads)}
        while out:
            done, out = wait(out, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
                out.update(pool.submit(answer, request) for request in islice(unasked, 1))
    finally:
        pool.shutdown(cancel_futures=True)
