"""`dotsbook voice design`: candidates by an engine that takes a description, one kept as a recording without a person's consent."""

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import dotsbook
from dotsbook.audio import read_flac
from dotsbook.cli import voice
from dotsbook.errors import DotsbookError, ModelError, VoiceError
from dotsbook.project import open_project
from dotsbook.serve.running import serving
from dotsbook.voices import catalogue
from dotsbook.voices.engine import Spoken
from dotsbook.voices.spec import EngineOptions, EngineSpec
from dotsbook.voices.syllables import SyllablesEngine, draw
from tests.production.conftest import make

SAILOR = "an old sailor, slow, gravelly"
STORY = (
    "# One\n\nNobody waved when the boat left. "
    + "It had rained on the long grey shore for most of the week. " * 3
)
WORDS = "The lamp on the hill had burned, it is said, for a hundred years."


class DesignerOptions(EngineOptions):
    who: str | None = None
    loudness: float = 1.0


class Designer(SyllablesEngine):
    """Another voice for each description and seed."""

    asked: list = []

    def __init__(self, setup):
        self.loudness = DesignerOptions(**setup.options).loudness

    def check(self, voice, languages):
        return ["It hums."]

    def speak(self, batch):
        for request in batch:
            self.asked.append(request)
            who = f"{request.voice.settings['who']} {request.seed}"
            yield Spoken(request, samples=self.loudness * draw(who, request.text, request.seed))


SPEC = EngineSpec(
    "designer",
    Designer,
    options=DesignerOptions,
    of_voice=frozenset({"who"}),
    can=frozenset({"design"}),
    described_by="who",
)


@pytest.fixture
def book(tmp_path, monkeypatch):
    known = catalogue.spec_of
    monkeypatch.setattr(catalogue, "spec_of", lambda name: SPEC if name == "designer" else known(name))
    monkeypatch.setattr(Designer, "asked", [])
    return make(tmp_path / "book", STORY)


def run(*words):
    app = typer.Typer()
    app.add_typer(voice.app, name="voice")
    result = CliRunner().invoke(app, ["voice", "design", *map(str, words)])
    if isinstance(result.exception, DotsbookError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_several_are_made_and_one_is_kept(book):
    said = run("sailor", "--as", SAILOR, "--engine", "designer", "--option", "loudness=0.5", "-p", book)
    assert "It hums." in said and "--choose N" in said
    files = sorted((book / ".dotsbook" / "designs" / "sailor").glob("*.flac"))
    assert [file.name for file in files] == ["1.flac", "2.flac", "3.flac", "4.flac"]
    assert len({file.read_bytes() for file in files}) == 4
    words = Designer.asked[0].text
    assert 110 <= len(words) < 200 and words.startswith("Nobody waved when the boat left.")
    assert {one.voice.settings["who"] for one in Designer.asked} == {SAILOR}
    assert "sailor" not in (book / "book.yaml").read_text()
    assert np.abs(read_flac(files[0])[0]).max() < 0.6
    assert "candidate 3" in run("sailor", "--choose", 3, "-p", book)
    project = open_project(book)
    entry = project.voice("sailor")
    assert (entry.consent, entry.reference) == ("designed", "voices/sailor.flac")
    assert project.transcript("sailor") == words
    kept, third = read_flac(project.reference("sailor"))[0], read_flac(files[2])[0]
    assert len(third) * 0.9 < len(kept) <= len(third) and len(Designer.asked) == 4


def test_at_once_with_words_of_ones_own_and_fewer_the_next_time(book):
    with dotsbook.open(book) as opened:
        opened.voices.design("tom", SAILOR, text=WORDS, engine="designer", count=5)
    wish = ("--as", SAILOR, "--text", WORDS, "--engine", "designer", "--count", 2, "--choose", 2)
    *made, kept = map(json.loads, run("tom", *wish, "--json", "-p", book).splitlines())
    assert (kept["consent"], kept["transcript"]) == ("designed", WORDS)
    assert [(one["number"], one["state"]) for one in made] == [(1, "fit"), (2, "fit")]
    assert len(list((book / ".dotsbook" / "designs" / "tom").glob("*.flac"))) == 2
    with dotsbook.open(book) as opened, pytest.raises(VoiceError, match="has a reference already"):
        opened.voices.design("tom", SAILOR, engine="designer")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("x", "--as", SAILOR, "--engine", "syllables"), "makes no voice of a description"),
        (("x", "--as", SAILOR, "--engine", "nobody"), "no engine `nobody`"),
        (("x", "--as", SAILOR, "--engine", "designer", "--option", "loud=1"), "loud"),
        (("../x", "--as", SAILOR, "--engine", "designer"), "can't be a voice's name"),
        (("x", "--as", "  ", "--engine", "designer"), "Say in words who speaks"),
        (("x", "--choose", "2"), "no candidate 2"),
    ],
)
def test_what_cannot_be_is_refused(book, words, told):
    with pytest.raises((VoiceError, ModelError), match=told):
        run(*words, "-p", book)


def test_a_spoiled_design_is_told(book):
    run("tom", "--as", SAILOR, "--engine", "designer", "--count", 1, "-p", book)
    (book / ".dotsbook" / "designs" / "tom" / "design.json").write_text("{")
    with pytest.raises(DotsbookError, match="make the candidates anew"):
        run("tom", "--choose", 1, "-p", book)


def test_by_a_server_that_takes_instructions(book, tmp_path, monkeypatch):
    """Our own, whose engine takes a description: the words go as `instructions` and come out as its option."""
    monkeypatch.delenv("DOTSBOOK_SERVE_TOKEN", raising=False)
    manifest = "title: T\nlanguage: en\nsource: story.md\nengine: designer\nvoices: {narrator: {}}\n"
    with dotsbook.open(make(tmp_path / "served", STORY, manifest)) as served, serving(served) as address:
        options = ("--option", f"base_url={address}", "--option", "voice=narrator")
        run(
            "sailor",
            "--as",
            SAILOR,
            "--engine",
            "openai",
            "--model",
            "designer",
            *options,
            "--choose",
            1,
            "-p",
            book,
        )
    assert {(one.voice.settings["who"], one.seed) for one in Designer.asked} == {
        (SAILOR, n) for n in (1, 2, 3, 4)
    }
    project = open_project(book)
    assert project.voice("sailor").consent == "designed" and project.reference("sailor").is_file()
