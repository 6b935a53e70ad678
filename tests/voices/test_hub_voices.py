"""`dotsbook voice pull`: a voice comes from the hub whole, resumed, proved by hash, after size and licence were shown."""

import json
import os
import re
import subprocess
import sys

import pytest

from dotsbook.errors import ModelError, VoiceError
from dotsbook.voices.catalogue import voice_on_hub
from dotsbook.voices.hub_files import cached_files, fetch_files, licence_in
from dotsbook.voices.piper_voice import USUAL, hub_files
from tests.model.fakehub import serving
from tests.prepared import kokoro_hub, piper_hub

JOE = "en_US-joe-medium"


@pytest.fixture
def remote(tmp_path):
    return piper_hub(tmp_path / "remote")


def fetch(endpoint, cache, answer=True, name=JOE):
    told = []
    files = fetch_files(
        hub_files(name), lambda plan: told.append(plan) or answer, cache=cache, endpoint=endpoint
    )
    return files, told[0]


def test_a_voice_is_fetched_once(remote, tmp_path):
    assert cached_files(hub_files(JOE), tmp_path) is None
    with serving(remote) as endpoint:
        files, told = fetch(endpoint, tmp_path)
        assert told.licence == "CC0" and len(told.files) == 3
        assert told.size == sum(map(len, remote.files.values()))
        remote.asked.clear()
        assert fetch(endpoint, tmp_path)[1].missing == 0
        assert not [asked for asked in remote.asked if asked.startswith("GET") and ".onnx" in asked]
    assert cached_files(hub_files(JOE), tmp_path) == files
    assert files[0].read_bytes() == remote.files[f"en/en_US/joe/medium/{JOE}.onnx"]


def test_no_means_no_model(remote, tmp_path):
    with serving(remote) as endpoint, pytest.raises(ModelError, match="was not fetched"):
        fetch(endpoint, tmp_path, answer=False)
    assert not [
        asked for asked in remote.asked if asked.startswith("GET") and "resolve" in asked and ".onnx" in asked
    ]


def test_a_broken_fetch_goes_on(remote, tmp_path):
    with serving(remote) as endpoint:
        remote.cut = 700
        with pytest.raises(ModelError):
            fetch(endpoint, tmp_path)
        remote.cut = None
        files, _ = fetch(endpoint, tmp_path)
    assert files[0].read_bytes() == remote.files[f"en/en_US/joe/medium/{JOE}.onnx"]


def test_a_voice_that_the_hub_lacks(remote, tmp_path):
    with serving(remote) as endpoint, pytest.raises(ModelError, match="has no .*nobody.*check the name"):
        fetch(endpoint, tmp_path, name="en_US-nobody-medium")


def test_whose_name_it_is():
    assert voice_on_hub(JOE)[0].name == "piper"
    assert voice_on_hub("jf_alpha")[0].name == "kokoro"
    with pytest.raises(VoiceError, match="No engine knows a voice 'x'"):
        voice_on_hub("x")


def test_licences(tmp_path):
    card = tmp_path / "CARD"
    for text, licence in (("* License: CC BY 4.0", "CC BY 4.0"), ("Licence: x: y", "x: y"), ("nothing", "")):
        card.write_text(text)
        assert licence_in(card) == licence


def test_every_usual_voice_has_a_name_that_the_hub_could_have():
    for language, name in USUAL.items():
        assert hub_files(name).names[0].endswith(f"{name}.onnx")
        assert name.startswith((language, "no"))


def run(tmp_path, endpoint, *words, answer=""):
    own = {"HF_HOME": str(tmp_path / "hf"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "COLUMNS": "200"}
    environment = os.environ | own | {"HF_ENDPOINT": endpoint}
    return subprocess.run(
        [sys.executable, "-m", "dotsbook", *words],
        env=environment,
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )


def test_the_whole_way_from_init_to_a_book(remote, tmp_path):
    pytest.importorskip("espeakng_loader")
    pytest.importorskip("onnxruntime")
    with serving(remote, kokoro_hub(tmp_path / "remote")) as endpoint:
        made = run(tmp_path, endpoint, "init", "book", "--engine", "piper")
        assert f"dotsbook voice pull {JOE}" in made.stdout
        assert re.search(
            rf"^engine: piper\noptions:\n  voice: {JOE}$", (tmp_path / "book/book.yaml").read_text(), re.M
        )
        assert f"dotsbook voice pull {JOE}" in run(tmp_path, endpoint, "render", "book").stderr
        assert run(tmp_path, endpoint, "voice", "pull", JOE, answer="n\n").returncode == 1
        needs_yes = run(tmp_path, endpoint, "voice", "pull", JOE, "--json")
        assert needs_yes.returncode == 1 and "add --yes" in needs_yes.stderr
        pulled = run(tmp_path, endpoint, "voice", "pull", JOE, answer="y\n")
        assert "licence: CC0" in pulled.stdout and "engine: piper" in pulled.stdout
        kokoro = run(tmp_path, endpoint, "voice", "pull", "af_heart", "--yes", "--json")
        assert json.loads(kokoro.stdout)["engine"] == "kokoro"
        rendered = run(tmp_path, endpoint, "render", "book")
        assert rendered.returncode in (0, 3), rendered.stderr
        assert list((tmp_path / "book/.dotsbook/takes").rglob("*.flac"))
