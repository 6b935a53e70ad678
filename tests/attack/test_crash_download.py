"""Death at every step of a model's download, and within every file of it: what was fetched is not fetched again."""

import hashlib
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from ground import CODES, HOWS, dying_at, ends, forked, tree

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.model.fakehub import Hub, serving  # noqa: E402

REPO = "someone/dots-mlx"
STEPS = 5  # of one large file, of which there are three


@pytest.fixture
def remote() -> Hub:
    """A model's files by their names; what they hold matters to nobody here."""
    names = [
        "core.safetensors",
        "speaker.safetensors",
        "vocoder.safetensors",
        "config.json",
        "llm_config.json",
        "latent_stats.npz",
        "tokenizer/tokenizer.json",
    ]
    return Hub(REPO, {name: random.Random(name).randbytes(5_000 + 700 * len(name)) for name in names})


def pull(endpoint: str, cache: Path, before=lambda: None) -> int:
    """The code of a process that pulls."""
    import huggingface_hub  # noqa: F401   the forks then have it

    from dotsbook.model.checkpoint import hub

    def work() -> int:
        before()
        hub.pull(REPO, announce=lambda plan: True, cache=cache, endpoint=endpoint)
        return 0

    ended = forked(work)
    assert ended.code != 70 or "Death" in ended.said, ended.said
    return ended.code


def whole(cache: Path) -> dict[str, str]:
    """What lies under a final name in the cache; every blob's name is its content's hash."""
    found = {}
    for path in (cache / f"models--{REPO.replace('/', '--')}" / "blobs").glob("*"):
        data = path.read_bytes()
        if path.suffix in (".part", ".incomplete"):
            continue
        if path.name.startswith("tmp_") and not data:
            continue  # huggingface_hub makes an empty file for a moment, to learn the umask
        found[path.name] = hashlib.sha256(data).hexdigest()
        assert path.name in (found[path.name], hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()), (
            "half a file"
        )
    return found


def fetched(remote: Hub) -> Counter:
    """How often each file's bytes were asked for from the first on."""
    return Counter(
        line.split()[1].rpartition("/")[2]
        for line in remote.asked
        if line.startswith("GET") and "/resolve/" in line and "bytes" not in line.rpartition(" ")[2]
    )


def settled(cache: Path, calm: Path, endpoint: str) -> None:
    """The same command again ends as if nothing had been."""
    kept = whole(cache)
    assert pull(endpoint, cache) == 0
    assert kept.items() <= whole(cache).items() == whole(calm).items()
    ours, theirs = (
        tree(place / f"models--{REPO.replace('/', '--')}" / "snapshots") for place in (cache, calm)
    )
    assert ours == theirs


def test_death_at_every_step(remote, tmp_path):
    with serving(remote) as endpoint:
        assert pull(endpoint, tmp_path / "calm") == 0
        for number in range(STEPS, 2 * STEPS):
            how, cache = HOWS[number % 3], tmp_path / f"torn{number}"
            remote.asked.clear()
            assert pull(endpoint, cache, dying_at(number, how)) == CODES[how]
            settled(cache, tmp_path / "calm", endpoint)
            assert not [name for name, times in fetched(remote).items() if times > 1], "fetched twice"
        assert pull(endpoint, tmp_path / "last", dying_at(STEPS * 3, "kill")) == 0, (
            "a step that isn't attacked"
        )


def dying_within(remote: Hub, number: int, how: str):
    """Put a death in the middle of the `number`th file that is fetched, large or small."""

    def spoil() -> None:
        from huggingface_hub import file_download

        original, begun = file_download.http_get, []

        def half(url, file, **options):
            begun.append(url)
            if len(begun) <= number:
                return original(url, file, **options)
            data = next(data for name, data in remote.files.items() if url.endswith(name))
            file.write(data[: len(data) // 2])
            file.flush()
            return ends(how, "in the middle")

        file_download.http_get = half

    return spoil


def test_death_within_every_file(remote, tmp_path):
    with serving(remote) as endpoint:
        assert pull(endpoint, tmp_path / "calm") == 0
        count = sum(fetched(remote).values())
        assert count == len(remote.files)
        for number in range(0, count, 2):
            how, cache = HOWS[number % 3], tmp_path / f"torn{number}"
            remote.asked.clear()
            assert pull(endpoint, cache, dying_within(remote, number, how)) == CODES[how]
            settled(cache, tmp_path / "calm", endpoint)
            large = [
                name for name, times in fetched(remote).items() if times > 1 and name.endswith(".safetensors")
            ]
            assert not large, "fetched twice"
