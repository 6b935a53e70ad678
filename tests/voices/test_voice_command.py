"""`dotsbook voice …`: what it keeps, what it refuses, and that book.yaml loses nothing."""

import json
import re

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from dotsbook.audio import read_flac, write_flac
from dotsbook.cli import voice
from dotsbook.errors import DotsbookError
from dotsbook.manifest import load_manifest
from dotsbook.production.bookfile import drop_voice, set_voice
from dotsbook.project import open_project
from dotsbook.voices.syllables import RATE, draw

HEAD = "# my book\ntitle: T   # its title\nlanguage: en\nsource: t.md\nengine: syllables\n"
WORDS = "The lamp on the hill had burned, it is said, for a hundred years."
FIELDS = {
    "reference": "voices/mara.flac",
    "transcript": 'She said: "No, never" #1 — {über}',
    "consent": "mine: 2026",
}


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book.yaml").write_text(HEAD + "voices:\n  narrator: {}   # plain\n\n# the end\n")
    return tmp_path


@pytest.fixture
def recording(tmp_path):
    file = tmp_path / "raw.wav"
    write_flac(file, draw("mara", WORDS, 1), RATE)
    return file


def run(*words):
    app = typer.Typer()
    app.add_typer(voice.app, name="voice")
    result = CliRunner().invoke(app, ["voice", *map(str, words)])
    if isinstance(result.exception, DotsbookError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_add_keeps_recording_words_consent_and_comments(book, recording):
    said = json.loads(
        run(
            "add",
            "mara",
            "--reference",
            recording,
            "--transcript",
            WORDS,
            "--consent",
            "mine",
            "--language",
            "en-GB",
            "--project",
            book,
            "--json",
        )
    )
    project = open_project(book)
    entry = project.voice("mara")
    assert (entry.consent, entry.language, project.transcript("mara")) == ("mine", "en-GB", WORDS)
    assert said["findings"][0]["name"] == "speech"
    samples, rate = read_flac(project.reference("mara"))
    assert rate == RATE
    assert len(samples) / rate == pytest.approx(4, abs=1.5)
    text = (book / "book.yaml").read_text()
    assert text.startswith(HEAD + "voices:\n  narrator: {}   # plain\n")
    assert text.endswith("\n\n# the end\n")


def test_a_transcript_file_is_kept_as_a_file(book, recording):
    (book / "words.txt").write_text(WORDS + "\n")
    run(
        "add",
        "narrator",
        "--reference",
        recording,
        "--transcript",
        book / "words.txt",
        "--consent",
        "m",
        "-p",
        book,
    )
    project = open_project(book)
    assert project.voice("narrator").transcript == "voices/narrator.txt"
    assert project.transcript("narrator") == WORDS


def test_no_file_is_written_over(book, recording):
    (book / "voices").mkdir()
    (book / "voices" / "mara.flac").write_bytes(b"mine")
    run("add", "mara", "--reference", recording, "--consent", "mine", "-p", book)
    assert (book / "voices" / "mara.flac").read_bytes() == b"mine"
    assert open_project(book).voice("mara").reference == "voices/mara-2.flac"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "mara", "--reference", "silent.flac", "--consent", "mine"], "nothing is heard"),
        (["add", "mara", "--reference", "gone.wav", "--consent", "mine"], "no audio file"),
        (["add", "mara", "--reference", "raw.wav", "--consent", " "], "who allowed"),
        (["add", "a/b", "--reference", "raw.wav", "--consent", "mine"], "can't be a voice's name"),
        (
            ["add", "mara", "--reference", "raw.wav", "--consent", "mine", "--transcript", "gone.txt"],
            "can't be read",
        ),
        (["remove", "mara"], "no voice `mara`"),
        (["remove", "narrator"], "only voice"),
        (["say", "mara", "Hello"], "no voice `mara`"),
    ],
)
def test_refusals_change_nothing(book, recording, monkeypatch, words, sentence):
    monkeypatch.chdir(book)
    write_flac(book / "silent.flac", np.zeros(3 * RATE, np.float32), RATE)
    before = (book / "book.yaml").read_bytes()
    with pytest.raises(DotsbookError, match=sentence):
        run(*words)
    assert (book / "book.yaml").read_bytes() == before
    assert not (book / "voices").exists()


def test_a_second_reference_is_refused(book, recording):
    run("add", "mara", "--reference", recording, "--consent", "mine", "-p", book)
    with pytest.raises(DotsbookError, match="has a reference already"):
        run("add", "mara", "--reference", recording, "--consent", "mine", "-p", book)


def test_list_say_and_remove(book, recording, monkeypatch):
    monkeypatch.chdir(book)
    run("add", "mara", "--reference", recording, "--transcript", WORDS, "--consent", "mine")
    rows = json.loads(run("list", "--json"))
    assert [(row["voice"], row["state"]) for row in rows] == [
        ("narrator", "the engine's own voice"),
        ("mara", "fit"),
    ]
    told = json.loads(run("say", "mara", "Good evening.", "--json"))
    samples, rate = read_flac(book / told["file"])
    assert len(samples) / rate == pytest.approx(told["seconds"], abs=0.01)
    run("remove", "mara")
    assert list(open_project(book).manifest.voices) == ["narrator"]
    assert (book / "voices" / "mara.flac").is_file()


def test_a_cast_voice_is_not_removed(book):
    (book / "book.yaml").write_text(HEAD + "voices: {narrator: {}, mara: {}}\ncast: {Mara: mara}\n")
    with pytest.raises(DotsbookError, match="cast as Mara"):
        run("remove", "mara", "-p", book)


@pytest.mark.parametrize(
    "voices",
    [
        "",
        "voices:\n  narrator: {}   # main\n  tobias: {pitch: 30}\n\n# cast now\ncast: {T: tobias}\n",
        "voices:\n  narrator:\n  mara:\n    pitch: 30   # low\n    # more\n\ncast: {M: mara}\n",
        "voices: {narrator: {}, mara: {pitch: 3}} # x\ncast: {default: mara}\n",
        "voices: {narrator: }\nskip: [a]",
        "voices:\n    narrator:\n        transcript: |\n            Long\n            words\n    mara:\n",
        'voices:\n  "mara": {pitch: 3,\n     rate: 200}\n  z: {}\n',
        "voices:\n  z: {}\n  mara:\n    consent: |\n      by\n      her\n",
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_edits_add_and_take_out_and_leave_the_rest(tmp_path, voices, ending, mark):
    file = tmp_path / "book.yaml"
    original = (mark + (HEAD + voices).replace("\n", ending)).encode()
    file.write_bytes(original)
    before = load_manifest(file)
    fields = {
        key: value for key, value in FIELDS.items() if key not in ("consent",) or "consent" not in voices
    }
    after = set_voice(file, "mara", fields)
    assert after.voices["mara"].reference == "voices/mara.flac"
    assert after.voices["mara"].transcript == FIELDS["transcript"]
    text = file.read_bytes().decode()
    assert all(comment in text for comment in re.findall(r"# [^\r\n]*", original.decode()))
    assert text.startswith(mark)
    assert ("\r\n" in text) == (ending == "\r\n")
    if "mara" not in before.voices:
        drop_voice(file, "mara")
        assert load_manifest(file).model_dump() == before.model_dump()


def test_a_bundle_of_dots_tts_mlx_becomes_a_recording(book, tmp_path):
    pytest.importorskip("mlx.core")
    from tests.model.tiny import write_tiny
    from tests.model.tiny_bundle import FRAMES, WORDS, write_bundle

    model = write_tiny(tmp_path / "model", kind="mf")
    loud = (np.arange(FRAMES) % 24 < 16)[None, :, None]  # with pauses, as speech has them
    bundle = write_bundle(tmp_path / "alice.dtprofile", model, latents=loud * 1.5)
    words = ("add", "alice", "--reference", bundle, "--consent", "Alice, 2026-11-02", "--project", book)
    with pytest.raises(DotsbookError, match="set `engine: dots` and `model:`"):
        run(*words)
    text = (book / "book.yaml").read_text()
    (book / "book.yaml").write_text(text.replace("engine: syllables", f"engine: dots\nmodel: {model}"))
    said = json.loads(run(*words, "--json"))
    project = open_project(book)
    assert project.transcript("alice") == said["transcript"] == WORDS
    assert project.voice("alice").consent == "Alice, 2026-11-02"
    assert project.voice("alice").sampling.speaker_scale == 1.25
    samples, rate = read_flac(project.reference("alice"))
    assert (
        0.5 * FRAMES < len(samples) / (rate / 25) <= FRAMES
    )  # 25 latent frames a second, silence off its ends
    (bundle / "cond.safetensors").write_bytes(b"no")
    with pytest.raises(DotsbookError, match="isn't whole|cut short"):
        run("add", "again", "--reference", bundle, "--consent", "mine", "--project", book)
    assert "again" not in (book / "book.yaml").read_text()


def test_a_noisy_recording_is_cleaned_and_kept_as_it_was(book, tmp_path, monkeypatch):
    from dotsbook.voices import deep_filter

    clean = np.concatenate([np.zeros(RATE // 2), draw("mara", WORDS, 1), np.zeros(RATE // 2)])
    noisy = clean + 0.05 * np.random.default_rng(1).standard_normal(len(clean))
    write_flac(tmp_path / "noisy.flac", noisy, RATE)
    words = ("add", "mara", "--reference", tmp_path / "noisy.flac", "--transcript", WORDS)
    words += ("--consent", "mine", "--project", book, "--enhance")
    with monkeypatch.context() as patched:
        patched.setattr(deep_filter, "find_spec", lambda name: None)
        with pytest.raises(DotsbookError, match=r"dotsbook\[enhance\]"):
            run(*words)
    assert not (book / "voices").exists()
    monkeypatch.setattr(deep_filter, "without_noise", lambda samples, rate: (clean.astype("float32"), rate))
    made = json.loads(run(*words, "--json"))
    assert (made["reference"], made["original"]) == ("voices/mara.flac", "voices/mara-original.flac")
    before, now = (
        {one["name"]: one["figure"] for one in made[which]}["speech over noise"]
        for which in ("before", "findings")
    )
    assert now > before + 20
    kept, rate = read_flac(book / "voices" / "mara-original.flac")
    assert rate == RATE and np.abs(kept - np.clip(noisy, -1, 1)).max() < 1e-4
    shown = run(*words[:1], "tom", *words[2:])
    assert "before" in shown and "As it was: voices/tom-original.flac" in shown
