"""The manifest: strict, with the line and the way out in every complaint."""

import pytest

from dotsbook.errors import ManifestError, OutputError, SourceError, VoiceError
from dotsbook.manifest import load_manifest
from dotsbook.project import open_project
from dotsbook.yaml_file import LARGEST

BASE = "title: 1984\nlanguage: no\nsource: a.md\n"


def load(tmp_path, text):
    (tmp_path / "book.yaml").write_text(text, "utf-8")
    return load_manifest(tmp_path / "book.yaml")


def refusal(tmp_path, text) -> str:
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def test_words_stay_words(tmp_path):
    manifest = load(
        tmp_path, BASE + "isbn: 0140449132\ndate: 1895-01-02\nnormalise: off\nvoices:\n  narrator:\n"
    )
    assert (manifest.title, manifest.language, manifest.isbn, manifest.date) == (
        "1984",
        "no",
        "0140449132",
        "1895-01-02",
    )
    assert manifest.normalise == "off"
    assert manifest.default_voice == "narrator"
    assert manifest.source == ("a.md",)


def test_an_engines_name_of_before_works_and_says_what_replaces_it(tmp_path):
    manifest = load(tmp_path, BASE + "engine: mumble\n")
    assert manifest.engine == "syllables"
    [note] = manifest.notes
    assert "book.yaml line 4" in note and "`mumble`" in note and "`engine: syllables`" in note
    assert load(tmp_path, BASE + "engine: syllables\n").notes == ()


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ("voics: {}\n", 4, ["`voics`", "`voices`"]),
        ("voices:\n  mara: {refrence: x.wav}\n", 5, ["`refrence`", "`reference`"]),
        ("pacing:\n  sentense: 1\n", 5, ["`sentense`", "`sentence`"]),
        ("cast: {Mara: mira}\nvoices: {mara: {}}\n", 4, ["mira", "`mara`"]),
        ("voices:\n  mara: {reference: m.wav}\n", 5, ["consent"]),
        ("pacing: {sentence: quick}\n", 4, ["pacing.sentence", "quick"]),
        ("output:\n  formats: [m4b, wav]\n", 5, ["wav", "m4b"]),
        ("title: again\n", 4, ["`title`", "second time"]),
        ("author: &a x\npublisher: *a\n", 5, ["aliases"]),
        ("author: !!python/name:os.system x\n", 4, ["tag"]),
        ("author: [[\n", 5, ["YAML"]),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, more, line, words):
    said = refusal(tmp_path, BASE + more)
    assert f"book.yaml line {line}" in said
    for word in words:
        assert word in said


def test_missing_key_and_wrong_shape(tmp_path):
    assert "`source` is missing" in refusal(tmp_path, "title: x\nlanguage: en\n")
    assert "key: value" in refusal(tmp_path, "- a\n")
    assert "key: value" in refusal(tmp_path, "")


def test_huge_and_deep_files_are_refused(tmp_path):
    assert "1 MB" in refusal(tmp_path, "a: " + "x" * LARGEST)
    assert "deep" in refusal(tmp_path, "a: " + "[" * 60 + "]" * 60)
    assert "deep" in refusal(tmp_path, "a: " + "[" * 100_000)


def test_not_text(tmp_path):
    (tmp_path / "book.yaml").write_bytes(b"title: \xff\xfe")
    with pytest.raises(ManifestError, match="UTF-8"):
        load_manifest(tmp_path / "book.yaml")


def test_paths_of_a_project(tmp_path):
    load(
        tmp_path,
        BASE
        + "output: {folder: ../elsewhere}\nvoices: {mara: {reference: m.wav, consent: mine, transcript: m.txt}}\n",
    )
    project = open_project(tmp_path)
    assert project.ledger == tmp_path / ".dotsbook" / "ledger.db"
    with pytest.raises(OutputError, match="leaves the project"):
        _ = project.out
    with pytest.raises(SourceError, match=r"a\.md"):
        _ = project.sources
    with pytest.raises(VoiceError, match="reference"):
        project.reference("mara")
    with pytest.raises(VoiceError, match="transcript"):
        project.transcript("mara")
    with pytest.raises(VoiceError, match="no voice `nobody`"):
        project.voice("nobody")
    (tmp_path / "m.txt").write_text("Hello.\n")
    assert project.transcript("mara") == "Hello."


def test_a_project_is_named_by_folder_or_file(tmp_path):
    load(tmp_path, BASE)
    assert open_project(tmp_path / "book.yaml").folder == open_project(tmp_path).folder == tmp_path
    with pytest.raises(ManifestError, match="dotsbook init"):
        open_project(tmp_path / "nowhere")
