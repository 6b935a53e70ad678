"""Models come from the hub whole, resumed, proved by hash, after their size was shown; later no network is needed."""

import pytest

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint import hub
from dotsbook.model.checkpoint.integrity import check_hashes
from dotsbook.model.checkpoint.opening import open_checkpoint
from tests.model.fakehub import Hub, serving

REPO = "someone/dots-mlx"


@pytest.fixture
def remote(tiny):
    """A hub with the shraey layout under `int8/`, and things nobody needs."""
    folder = tiny("mf", "shraey")
    files = {
        f"int8/{p.relative_to(folder).as_posix()}": p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    files |= {
        "README.md": b"# words",
        "int8/preview.wav": bytes(100),
        "int4/config.json": b"{}",
        "run.py": b"",
    }
    return Hub(REPO, files)


def pull(remote, endpoint, cache, name=f"{REPO}/int8", answer=True):
    plans = []
    folder = hub.pull(
        name, announce=lambda plan: plans.append(plan) or answer, cache=cache, endpoint=endpoint
    )
    return folder, plans[0]


def test_pull_then_no_network(remote, tmp_path, monkeypatch):
    with serving(remote) as endpoint:
        folder, plan = pull(remote, endpoint, tmp_path)
    wanted = {n: d for n, d in remote.files.items() if n.startswith("int8/") and not n.endswith(".wav")}
    assert {f.name for f in plan.files} == wanted.keys()
    assert plan.size == plan.missing == sum(map(len, wanted.values()))
    assert not [a for a in remote.asked if "README" in a or "run.py" in a or "int4" in a]
    assert open_checkpoint(folder).quantization.bits == 8
    assert len(check_hashes(folder)) == len(wanted)
    monkeypatch.setattr(hub, "plan", None)  # whoever asks the hub now fails
    assert hub.fetch(f"{REPO}/int8", cache=tmp_path) == folder


def test_pulling_again_fetches_nothing(remote, tmp_path):
    with serving(remote) as endpoint:
        pull(remote, endpoint, tmp_path)
        remote.asked.clear()
        _, plan = pull(remote, endpoint, tmp_path)
    assert plan.missing == 0 < plan.size
    assert not [a for a in remote.asked if a.startswith("GET") and "resolve" in a]


def test_no_means_no_byte(remote, tmp_path):
    with serving(remote) as endpoint, pytest.raises(ModelError, match="not fetched"):
        pull(remote, endpoint, tmp_path, answer=False)
    assert not [a for a in remote.asked if "resolve" in a]


def test_what_is_not_here_is_not_fetched_unasked(tmp_path):
    with pytest.raises(ModelError, match="dotsbook model pull someone/dots-mlx/int8"):
        hub.fetch(f"{REPO}/int8", cache=tmp_path)


def test_damage_on_the_way_is_found(remote, tmp_path):
    name = "int8/core.safetensors"
    tag, good = remote.tag(name), remote.files[name]
    remote.tag = lambda n, old=remote.tag: tag if n == name else old(n)
    listed = remote.listed()
    remote.listed = lambda: listed
    remote.files[name] = good[:-1] + bytes([good[-1] ^ 1])
    with serving(remote) as endpoint:
        with pytest.raises(ModelError, match="damaged"):
            pull(remote, endpoint, tmp_path)
        assert hub.cached(hub.parse_hub_name(f"{REPO}/int8"), tmp_path) is None
        remote.files[name] = good
        folder, plan = pull(remote, endpoint, tmp_path)
    assert len(good) <= plan.missing < plan.size
    assert (folder / "core.safetensors").read_bytes() == good


def test_an_interrupted_pull_goes_on(remote, tmp_path, monkeypatch):
    from huggingface_hub import file_download

    name = "int8/core.safetensors"
    half, original = len(remote.files[name]) // 2, file_download.http_get

    def cut(url, file, **options):
        if "core" in url:
            file.write(remote.files[name][:half])
            raise KeyboardInterrupt
        original(url, file, **options)

    with serving(remote) as endpoint:
        monkeypatch.setattr(file_download, "http_get", cut)
        with pytest.raises(KeyboardInterrupt):
            pull(remote, endpoint, tmp_path)
        assert hub.cached(hub.parse_hub_name(f"{REPO}/int8"), tmp_path) is None
        monkeypatch.setattr(file_download, "http_get", original)
        folder, plan = pull(remote, endpoint, tmp_path)
    assert plan.missing <= plan.size - half
    assert [a for a in remote.asked if "core" in a and "GET" in a and f"bytes={half}-" in a]
    assert (folder / "core.safetensors").read_bytes() == remote.files[name]
    assert not list(tmp_path.rglob("*.part"))


def test_two_pulls_at_once(remote, tmp_path):
    import fcntl

    blob = tmp_path / "models--someone--dots-mlx" / "blobs" / f"{remote.tag('int8/core.safetensors')}.part"
    blob.parent.mkdir(parents=True)
    with open(blob, "ab") as held, serving(remote) as endpoint:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ModelError, match="Another process"):
            pull(remote, endpoint, tmp_path)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("someone/else", "no someone/else"),
        (f"{REPO}/int2", "no model files"),
        (f"{REPO}/int4", "not a whole model"),
    ],
)
def test_names_that_lead_nowhere(remote, tmp_path, name, sentence):
    with serving(remote) as endpoint, pytest.raises(ModelError, match=sentence):
        pull(remote, endpoint, tmp_path, name)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_hub_that_refuses(remote, tmp_path, monkeypatch, status):
    remote.status = status
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with serving(remote) as endpoint, pytest.raises(ModelError, match="hub"):
        pull(remote, endpoint, tmp_path)


def test_no_hub_at_all(tmp_path):
    with pytest.raises(ModelError, match="can't be reached"):
        hub.pull(REPO, announce=lambda plan: True, cache=tmp_path, endpoint="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a/b", ("a/b", "", "main")),
        ("a/b/c", ("a/b", "c", "main")),
        ("a/b/c/d@v1.0", ("a/b", "c/d", "v1.0")),
        ("a/b.c-d@0123abc", ("a/b.c-d", "", "0123abc")),
        ("a/b@refs/pr/3", ("a/b", "", "refs/pr/3")),
    ],
)
def test_names(text, parts):
    source = hub.parse_hub_name(text)
    assert (source.repo, source.folder, source.revision) == parts
    assert str(source) == text


@pytest.mark.parametrize(
    "text", ["", "a", "a/", "/a/b", "a//b", "a/../b", "a/b@", "a/b@../c", "a b/c", "a/b@x y", "http://a/b"]
)
def test_names_that_are_none(text):
    with pytest.raises(ModelError, match="neither a folder nor a hub name"):
        hub.parse_hub_name(text)


def test_known_models_have_names(tmp_path):
    assert len(hub.KNOWN) == 10
    assert [hub.cached(hub.parse_hub_name(name), tmp_path) for name, _ in hub.KNOWN] == [None] * 10
