import random

from hypothesis import given
from hypothesis import strategies as some

from dotsbook.render.batching import Pool, Waiting, Windows


def waiting(*lengths, voice="n", window=0):
    return [
        Waiting(length, -index, voice, window, (window, voice, index)) for index, length in enumerate(lengths)
    ]


def drain(pool, fits=lambda waiting: True, largest=4):
    batches = []
    while pool:
        batches.append(pool.batch(fits, largest))
    assert pool.batch(fits, largest) == []
    return batches


def test_longest_first_and_like_with_like():
    batches = drain(Pool(waiting(5, 50, 7, 48, 9, 51)), largest=3)
    assert [[one.length for one in batch] for batch in batches] == [[51, 50, 48], [9, 7, 5]]


def test_of_equal_length_the_earlier_comes_first():
    assert [one.order for one in drain(Pool(waiting(5, 5, 5)))[0]] == [0, -1, -2]


def test_windows_go_in_order():
    batches = drain(Pool(waiting(1, 2, window=0) + waiting(90, 91, window=1)), largest=2)
    assert [batch[0].window for batch in batches] == [0, 1]


def test_a_batch_is_of_one_voice_and_a_rare_one_is_filled_from_later_windows():
    pool = Pool(
        waiting(9, 8, 7, voice="n")
        + waiting(10, voice="rare")
        + waiting(6, 12, voice="rare", window=1)
        + waiting(3, voice="rare", window=9)
    )
    first = pool.batch(lambda waiting: True, 4)
    assert [(one.voice, one.length) for one in first] == [("rare", 10), ("rare", 6)]
    assert len(pool) == 5


def test_what_does_not_fit_waits_and_one_always_goes():
    def fits(waiting):
        return sum(one.length for one in waiting) <= 20

    batches = drain(Pool(waiting(50, 9, 9, 9, 2)), fits)
    assert [[one.length for one in batch] for batch in batches] == [[50], [9, 9], [9, 2]]


def test_what_is_put_back_joins_the_next_batch_with_others():
    pool = Pool(waiting(9, 8, 7, 6, 5, 4))
    bad = pool.batch(lambda waiting: True, 2)[0]
    pool.put(bad)
    assert [one.length for one in pool.batch(lambda waiting: True, 3)] == [9, 7, 6]


def test_what_is_put_back_into_a_finished_window_goes_first():
    pool = Pool(waiting(9) + waiting(20, 8, window=1))
    bad = pool.batch(lambda waiting: True, 1)[0]
    pool.batch(lambda waiting: True, 1)
    pool.put(bad)
    assert [one.length for one in pool.batch(lambda waiting: True, 4)] == [9, 8]


@given(
    some.lists(some.tuples(some.integers(1, 60), some.sampled_from("abc"), some.integers(0, 5)), max_size=80),
    some.integers(1, 9),
    some.integers(1, 200),
)
def test_all_come_out_once_in_fitting_batches(specs, largest, room):
    every = [Waiting(length, -index, voice, window) for index, (length, voice, window) in enumerate(specs)]
    pool, seen, put_back = Pool(every), [], random.Random(len(specs))

    def fits(batch):
        return sum(one.length for one in batch) <= room

    while pool:
        batch = pool.batch(fits, largest)
        assert 1 <= len(batch) <= largest and (fits(batch) or len(batch) == 1)
        assert len({one.voice for one in batch}) == 1
        if put_back.random() < 0.2:
            pool.put(batch.pop())
        seen += batch
    assert sorted(seen) == sorted(every)


def test_windows_follow_the_order_in_which_chapters_are_wanted():
    windows = Windows(3)
    assert {chapter: windows[chapter] for chapter in [7, 7, 8, 1, 2, 3, 3, 9]} == {
        7: 0,
        8: 0,
        1: 0,
        2: 1,
        3: 1,
        9: 1,
    }


def test_an_engine_speaks_on_until_its_window_is_done():
    """So that models don't take turns in memory."""
    every = [
        Waiting(length, -place, voice, window, None, engine)
        for window in (0, 1)
        for place, (voice, engine, length) in enumerate(
            [("ann", "a", 90), ("bob", "b", 80), ("cat", "a", 70), ("dan", "b", 60), ("ann", "a", 50)]
        )
    ]
    pool, spoken = Pool(every), []
    while batch := pool.batch(lambda several: True, 1):
        spoken.append((batch[0].window, batch[0].engine))
    assert spoken == [(0, "a")] * 3 + [(0, "b")] * 2 + [(1, "b")] * 2 + [(1, "a")] * 3


def test_nothing_is_given_to_an_engine_that_is_away():
    pool = Pool(
        [
            Waiting(9, 0, "ann", 0, None, "a"),
            Waiting(8, -1, "bob", 1, None, "b"),
            Waiting(7, -2, "bob", 2, None, "b"),
        ]
    )
    assert [one.voice for one in pool.batch(lambda several: True, 1, {"a"})] == ["bob"]
    assert [one.length for one in pool.batch(lambda several: True, 1, {"a"})] == [7]
    assert pool.batch(lambda several: True, 1, {"a"}) == [] and len(pool) == 1
    assert [one.voice for one in pool.batch(lambda several: True, 1)] == ["ann"]
