from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from fakes import VOICES, book, chunk, jobs_of
from hypothesis import given
from hypothesis import strategies as some

from dotsbook.render import jobs
from dotsbook.render.jobs import Jobs, canonical, seed_for, take_key
from dotsbook.voices.engine import Voice

PLAIN = {"text": "Not tonight.", "voice": "abc", "engine": "draft:1", "language": "en", "seed": 42}
GOLDEN = {
    "plain": "r1:a2dc136cba5594e4e068c59d283260432fe2870344f7a31e66815019bfc557b0",
    "odd": "r1:f562bd95562cb66b4e717cf5f7c769578352b82c9ebeee504b884ff2fe8a9cb7",
    "seed": 7819633738286105196,
}


def keys_by(*about) -> list[str]:
    return [job.key for job in jobs_of(*about)]


def keys(chunks, **retakes):
    return keys_by(chunks, VOICES, "scripted:1", 42, retakes)


def test_keys_and_seeds_never_change():
    """A change here makes every user render every book again."""
    assert take_key(**PLAIN) == GOLDEN["plain"]
    assert take_key(**PLAIN | {"text": "Ünïcödé 塩 \ud800"}) == GOLDEN["odd"]
    assert seed_for("r1:" + "0" * 64, 1) == GOLDEN["seed"]


def test_whatever_is_heard_changes_the_key():
    others = [
        PLAIN | change
        for change in (
            {"text": "Not tonight!"},
            {"voice": "abd"},
            {"engine": "draft:2"},
            {"language": "de"},
            {"seed": 43},
            {"retake": 1},
            {"occurrence": 1},
        )
    ]
    assert len({take_key(**other) for other in [PLAIN, *others]}) == 8


def test_an_edited_sentence_costs_one_take():
    before = book(200)
    after = [*before[:70], replace(before[70], spoken="Something else."), *before[71:]]
    assert len(set(keys(after)) - set(keys(before))) == 1


def test_an_inserted_sentence_costs_one_even_if_it_stands_there_already():
    before = book(200)
    for text in ("A new line.", before[5].text):
        after = [*before[:3], chunk(3, text), *before[3:]]
        assert len(set(keys(after)) - set(keys(before))) == 1


def test_position_costs_nothing():
    before = book(60)
    moved = [
        replace(one, id=f"x{index}", chapter=9, source="other.md", start=index, end=index + 1, paragraph=3)
        for index, one in enumerate(before[::-1])
    ]
    assert set(keys(moved)) == set(keys(before))


def test_identical_lines_are_takes_of_their_own():
    same = [chunk(number, "Yes.") for number in range(5)]
    assert len(set(keys(same))) == 5
    assert keys(same[:3]) == keys(same)[:3]


def test_two_names_for_one_sound_do_not_share_a_take():
    voices = {"a": Voice("a", fingerprint="x"), "b": Voice("b", fingerprint="x")}
    chunks = [chunk(0, "Yes.", voice="a"), chunk(1, "Yes.", voice="b")]
    assert len(set(keys_by(chunks, voices, "e", 42))) == 2


def test_a_retake_changes_one_key_and_is_asked_for_by_the_base():
    chunks = book(30)
    plain = jobs_of(chunks, VOICES, "e", 42)
    again = jobs_of(chunks, VOICES, "e", 42, {plain[7].base: 2})
    assert [a.key != b.key for a, b in zip(plain, again, strict=True)] == [index == 7 for index in range(30)]
    assert again[7].base == plain[7].base and again[7].retake == 2


def test_a_voice_without_fingerprint_is_known_by_what_it_is():
    def of(**changes):
        return keys_by([chunk(0)], {"narrator": Voice("narrator", **changes)}, "e", 42)

    assert of() == of(settings={"steps": None})
    assert of() != of(settings={"steps": 4}) and of() != of(transcript="Hello.")


def test_a_voices_own_seed_counts():
    def of(settings, seed):
        return keys_by(
            [chunk(0)], {"narrator": Voice("narrator", fingerprint="f", settings=settings)}, "e", seed
        )

    assert of({"seed": 7}, 42) == of({}, 7) != of({}, 42)


def test_seeds_differ_and_fit():
    seeds = {seed_for("r1:a", attempt, part) for attempt in range(1, 50) for part in range(4)}
    assert len(seeds) == 49 * 4 and all(0 <= seed < 2**63 for seed in seeds)


@given(
    some.recursive(
        some.none()
        | some.booleans()
        | some.integers()
        | some.floats(allow_nan=False, allow_infinity=False)
        | some.text(),
        lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    )
)
def test_canonical_json_is_one_ascii_line_whatever_the_order(value):
    text = canonical({"a": value, "b": 1})
    assert text == canonical({"b": 1, "a": value}) and text.isascii() and "\n" not in text


@given(some.lists(some.sampled_from(["Yes.", "No.", "Perhaps.", "He said so."]), max_size=30), some.data())
def test_one_line_more_is_one_key_more_wherever_it_stands(texts, data):
    at = data.draw(some.integers(0, len(texts)))
    extra = data.draw(some.sampled_from(["Yes.", "New."]))
    before = keys([chunk(0, text) for text in texts])
    after = keys([chunk(0, text) for text in [*texts[:at], extra, *texts[at:]]])
    assert len(set(before)) == len(texts) and len(set(after) - set(before)) == 1 and set(before) < set(after)


def counted(monkeypatch) -> list:
    """What is hashed from now on."""
    made, take_key = [], jobs.take_key

    def counting(**facts):
        made.append(facts["text"])
        return take_key(**facts)

    monkeypatch.setattr(jobs, "take_key", counting)
    return made


def test_a_chunk_is_hashed_once(monkeypatch):
    made, chunks = counted(monkeypatch), [*book(50), chunk(6), chunk(6), chunk(0)]
    all_jobs = Jobs(lambda: iter(chunks), VOICES, dict.fromkeys(VOICES, "e"), 42)
    assert made == []
    assert [job.chunk for job in all_jobs.of({2})] == chunks[20:40] and len(made) == 53 + 3
    assert len({job.key for job in all_jobs}) == len(all_jobs) == 53
    bases = [job.base for job in all_jobs]
    retaken = all_jobs.with_retakes({bases[7]: 2, bases[51]: 1, "r1:gone": 3})
    assert [job.retake for job in retaken] == [0] * 7 + [2] + [0] * 43 + [1, 0]
    assert [job.base for job in retaken] == bases and len(made) == 56 + 2
    once_more = retaken.with_retakes({bases[7]: 2, bases[51]: 2})
    assert [job.key for job in once_more][7] == [job.key for job in retaken][7] and len(made) == 59
    assert [job.key for job in once_more] == [
        job.key for job in jobs_of(chunks, identity="e", retakes=once_more.retakes)
    ]


def test_jobs_gone_through_side_by_side_are_the_same():
    chunks = [*book(60), chunk(3)]
    all_jobs = Jobs(lambda: iter(chunks), VOICES, dict.fromkeys(VOICES, "e"), 42)
    one, other = iter(all_jobs), iter(all_jobs)
    found = [(next(one), next(other)) for _ in range(10)]
    assert [job.key for job, _ in found] + [job.key for job in one] == [
        job.key for job in jobs_of(chunks, identity="e")
    ]
    assert all(job == same for job, same in found) and len(list(other)) == 51


def test_many_threads_make_the_same_keys():
    chunks = [*book(400), *book(40)]
    all_jobs = Jobs(lambda: iter(chunks), VOICES, dict.fromkeys(VOICES, "e"), 42)
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: [job.key for job in all_jobs], range(8)))
    assert all(keys == [job.key for job in jobs_of(chunks, identity="e")] for keys in made)


def test_what_is_kept_of_a_chunk_is_its_digest():
    all_jobs = Jobs(lambda: iter(book(500)), VOICES, dict.fromkeys(VOICES, "e"), 42)
    assert len(all_jobs) == 500 and len(all_jobs.bases.digests) == 500 * 32 and not all_jobs.bases.seen


def test_a_job_tells_whose_engine_its_key_is_made_with():
    chunks = [chunk(0, voice="narrator"), chunk(1, voice="mara")]
    made = list(Jobs(lambda: iter(chunks), VOICES, {"narrator": "a", "mara": "b", "joss": "c"}, 42))
    assert [job.engine for job in made] == ["a", "b"]
    assert [job.key for job in made] == [
        jobs_of([one], identity=who)[0].key for one, who in zip(chunks, "ab", strict=True)
    ]
