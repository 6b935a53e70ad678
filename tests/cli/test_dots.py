"""The whole path with dots.tts itself, on a tiny random checkpoint: enrol, batched render, retries, assemble."""

import json
import shutil

import numpy as np
import pytest
import soundfile

from dotsbook.measure import measure
from tests.model.tiny import write_tiny


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("weights") / "tiny", kind="mf", layout="dotsbook", seed=3)


def reference(path, rate=24000, seconds=3.0):
    """Something like a voice: a buzz with syllables, over a little noise."""
    time = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 120 * k * time) / k for k in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0.02, 1)
    noise = np.random.default_rng(1).normal(0, 3e-4, len(time))
    soundfile.write(path, (0.12 * buzz * syllables + noise).astype(np.float32), rate)


def test_from_enrolment_to_a_file(shell, weights):
    reference(shell.folder / "me.wav")
    (shell.folder / "story.md").write_text(
        '# The Ferry\n\n## One\n\nThe boat left at 6:30 and nobody waved.\n\n**Mara:** "Not tonight, and not tomorrow."\n'
    )
    shell(
        "voice",
        "add",
        "alba",
        "--reference",
        "@/me.wav",
        "--transcript",
        "Three short words.",
        "--consent",
        "mine",
        "--project",
        "@",
    )
    assert "# a comment that must stay" in (shell.folder / "book.yaml").read_text()
    shell.edit(
        "book.yaml", "engine: syllables", f"engine: dots\nmodel: {json.dumps(str(weights))}\nretries: 1"
    )
    shell.edit("book.yaml", "default: narrator", "default: alba")
    shell("render", "@", "--limit", "1")
    assert (shell.folder / "book.lock.yaml").is_file()
    assert list((shell.folder / ".dotsbook" / "profiles").iterdir())
    shell("make", "@", "--locked")
    status = shell.json("status")
    assert all(chapter["done"] == chapter["chunks"] for chapter in status["chapters"])
    assert status["doubtful"], "random weights say nothing sensible, and the checks hear it"
    page = (shell.folder / "out" / "report.html").read_text()
    assert page.count("<audio") == len(status["doubtful"])
    assert next((shell.folder / "out").glob("*.m4b")).stat().st_size > 10_000
    for take in (shell.folder / ".dotsbook" / "takes").rglob("*.flac"):
        samples, rate = soundfile.read(take, dtype="float32")
        assert len(samples) > rate / 10 and np.isfinite(samples).all() and measure(samples, rate).peak > 0
    shell.edit("book.yaml", "Three short words.", "Four short words now.")
    assert "voice alba has changed" in shell("render", "@", "--locked", code=1)


def test_a_rendered_book_needs_its_model_no_more(shell, weights, tmp_path):
    """Rendered on one machine, assembled on another where neither the model nor what fetches it is."""
    model = tmp_path / "model"
    shutil.copytree(weights, model)
    (shell.folder / "story.md").write_text("# The Ferry\n\n## One\n\nThe boat left and nobody waved.\n")
    shell.edit("book.yaml", "engine: syllables", f"engine: dots\nmodel: {json.dumps(str(model))}\nretries: 0")
    shell("make", "@")
    book = next((shell.folder / "out").glob("*.m4b"))
    before = book.read_bytes()
    book.unlink()
    shutil.rmtree(model)
    assert all(c["done"] == c["chunks"] for c in shell.json("status")["chapters"])
    assert shell.json("plan")["estimate"]["chunks"] == 0
    shell("verify", "@", code=3)  # the M4B that was removed; its takes are whole
    shell("verify", "@", "--repair", code=3)
    assert "Nothing to sweep" in shell("sweep", "@", "--yes")
    assert "Nothing to render" in shell("render", "@")
    shell("assemble", "@")
    assert book.read_bytes() == before
    shell.edit("story.md", "nobody waved", "somebody waved")
    assert "neither a folder nor a hub name" in shell("render", "@", code=1)
