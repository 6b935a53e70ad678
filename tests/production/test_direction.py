"""Words that are to be spoken otherwise: which takes that costs, where silences stand, what is told of what can't be."""

import json
from dataclasses import replace

import numpy as np
import pytest

import dotsbook
from dotsbook.audio import write_flac
from dotsbook.errors import ManifestError, VoiceError
from dotsbook.production.events import Done
from tests.production.conftest import MANIFEST, make

STORY = """# The Ferry

## One

The boat left at 6:30, and nobody waved. It rained, she whispered, and then it stopped.

**Mara:** "Not tonight." It had no answer for her, and neither had he.

## Two

Nobody moved. They ran over the bridge to the mill.
"""


def directed(folder, *changes, manifest=MANIFEST, direction=""):
    story = STORY
    for old, new in changes:
        assert old in story
        story = story.replace(old, new)
    if direction:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "direction.yaml").write_text(direction, "utf-8")
    return make(folder, story, manifest)


def chunks(folder):
    with dotsbook.open(folder) as book:
        return list(book.chunks())


def told(folder) -> str:
    with dotsbook.open(folder) as book:
        return "\n".join(book.plan().warnings)


def rendered(folder) -> int:
    """How many takes that made."""
    with dotsbook.open(folder) as book:
        return sum(isinstance(event, Done) for event in book.render())


def timings(folder) -> dict:
    with dotsbook.open(folder) as book:
        [made] = book.assemble(["json"])
    data = json.loads(made.path.read_text("utf-8"))
    return {one["chunk"]: one for chapter in data["chapters"] for one in chapter["sentences"]}


def test_spans_and_direction_yaml_mark_the_same(tmp_path):
    spans = directed(
        tmp_path / "a",
        ("she whispered", "[she whispered]{rate=0.9 pause-after=0.8}"),
        ("nobody waved", "[nobody]{pause-after=1} waved"),
    )
    entries = '- {words: she whispered, rate: 0.9, pause-after: 0.8}\n- {words: nobody, paragraph: "%s", pause-after: 1}\n'
    paragraph = "The boat left at 6:30, and nobody waved. It rained, she whispered, and then it stopped."
    file = directed(tmp_path / "b", direction=entries % paragraph)
    one, other = chunks(spans), chunks(file)
    assert [replace(a, source="") for a in one] == [replace(b, source="") for b in other]
    said = {chunk.delivery: chunk.spoken for chunk in one if chunk.delivery}
    assert said == {"rate=0.9": "she whispered,"}
    first = one[1]
    assert first.spoken[: first.inside[0][0]].endswith("and nobody") and first.inside[0][1] == 1.0


def test_a_rate_costs_its_line_and_a_pause_costs_nothing(tmp_path):
    folder = directed(tmp_path)
    assert rendered(folder) == len(chunks(folder))
    before = timings(folder)
    directed(tmp_path, direction="- {words: They ran over the bridge to the mill, rate: 0.8}\n")
    assert rendered(folder) == 2, "the line, and the one it was spoken with"
    directed(
        tmp_path,
        direction="- {words: nobody waved, pause-before: 2, pause-after: 3}\n- {words: at 6:30, pause-after: 1.5}\n",
    )
    assert rendered(folder) == 0
    after = timings(folder)
    assert after["1.2"]["end"] - after["1.2"]["start"] > before["1.2"]["end"] - before["1.2"]["start"] + 2
    assert [chunk.text for chunk in chunks(folder)] == [before[one]["text"] for one in before]


def test_pauses_around_lines_are_exact_and_change_no_take(tmp_path):
    folder = directed(tmp_path)
    rendered(folder)
    before = timings(folder)
    words = "- {words: it stopped, pause-after: 4}\n- {words: It had no answer, pause-before: 0.2}\n- {words: the mill, pause-after: 0.5}\n"
    directed(tmp_path, direction=words)
    assert rendered(folder) == 0
    after, lines = timings(folder), [chunk.id for chunk in chunks(folder)]
    gap = {a: after[b]["start"] - after[a]["end"] for a, b in zip(lines, lines[1:], strict=False)}
    last = next(one for one in before if before[one]["text"].endswith("it stopped."))
    assert gap[last] == pytest.approx(4.0, abs=0.001)
    assert all(
        after[one]["end"] - after[one]["start"] == pytest.approx(before[one]["end"] - before[one]["start"])
        for one in lines
    )


def test_entries_outlive_edits_and_are_told_when_their_words_go(tmp_path):
    with dotsbook.open(directed(tmp_path)) as book:
        line = next(chunk.id for chunk in book.chunks() if "whispered" in chunk.text)
        book.direction.direct(line, {"rate": "0.9"}, words="she whispered")
    assert [chunk.spoken for chunk in chunks(tmp_path) if chunk.delivery] == ["she whispered,"]
    directed(tmp_path, ("The boat left at 6:30", "It was a grey day.\n\nThe ferry left at half past six"))
    assert [chunk.spoken for chunk in chunks(tmp_path) if chunk.delivery] == ["she whispered,"]
    directed(tmp_path, ("she whispered, and then", "and then"))
    assert not [chunk for chunk in chunks(tmp_path) if chunk.delivery]
    assert "direction.yaml line 3: the words 'she whispered' aren't found" in told(tmp_path)


@pytest.mark.parametrize(
    "entry, said",
    [
        ("- {words: the mill, rate: 7}", "line 1: `rate` can't be 7"),
        ("- {words: the mill, pause-after: -1}", "line 1: `pause-after` can't be -1"),
        ("- words: the mill\n  pause-after: 1e99", "line 2: `pause-after` can't be 1e99"),
        ("- {words: the mill, emo: furios}", "line 1: `emo` can't be 'furios'"),
        ("- {words: the mill, loud: 1}", "line 1: `loud` is no direction"),
        ("- {words: the mill}", "line 1: nothing is wanted"),
        ("- {rate: 1}", "line 1: `words:` is missing"),
        ("- {words: [a], rate: 1}", "line 1: `words` is text"),
        ("- {words: a, number: 0, rate: 1}", "line 1: `number` says"),
        ("- the mill", "line 1: an entry has"),
        ("words: the mill", "must be a list of entries"),
        ("- {words: a", "isn't valid YAML"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path, entry, said):
    with pytest.raises(ManifestError, match=said):
        chunks(directed(tmp_path, direction=entry))


def test_marks_that_cannot_be_are_told_with_their_line(tmp_path):
    folder = directed(
        tmp_path,
        ("she whispered", "[she whispered]{volume=3 rate=9 pause-after=-2}"),
        ("Nobody moved", "[Nobody moved]{emo=sadd}"),
        direction="- {words: and nobody waved, rate: 0.9}\n- {words: 'left at 6:30, and nobody', rate: 0.8}\n"
        "- {words: 'stopped. Not tonight', rate: 2}\n",
    )
    said = told(folder)
    assert (
        "story.md line 5: `volume` is no direction" in said and "story.md line 5: `rate` can't be 9" in said
    )
    assert "story.md line 5: `pause-after` can't be -2" in said
    assert "story.md line 11: `emo` can't be 'sadd'" in said and "did you mean `sad`" in said
    assert (
        "line 2: `rate` of 'left at 6:30, and nobody' and of 'and nobody waved' (line 1) are about the same words"
        in said
    )
    assert "line 3: the words 'stopped. Not tonight' aren't found" in said
    with dotsbook.open(folder) as book:
        assert book.plan().receipt.unaccounted == 0


def test_what_an_engine_cannot_do_is_told_and_changes_no_take(tmp_path):
    plain = [chunk.spoken for chunk in chunks(directed(tmp_path / "plain"))]
    folder = directed(tmp_path / "a", ("They ran", "[They ran]{emo=sad/2 instruct='out of breath'}"))
    assert [chunk.spoken for chunk in chunks(folder)] == plain
    said = told(folder)
    assert "“They ran”: `emo=sad/2` isn't heard: voice `narrator` has no recording `sad`" in said
    assert "`instruct=out of breath` isn't heard: the engine syllables takes no instruction" in said
    assert "dotsbook fix" not in said
    manifest = folder / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "edits: {engine: syllables}\n", "utf-8")
    assert "`dotsbook fix --directed` makes takes with it, to choose from (5 takes, " in told(folder)


CLONED = """title: The Ferry
author: A. Writer
language: en
source: story.md
engine: smalltts
voices:
  narrator: {reference: me.flac, consent: mine, references: {sad: low.flac, angry/3: {reference: high.flac, transcript: Go away.}}}
  mara: {engine: openai, model: tts, options: {base_url: "http://127.0.0.1:9/v1", instructions: A woman.}}
cast: {Mara: mara, default: narrator}
"""


def test_an_emotion_is_another_recording_or_an_instruction(tmp_path):
    for name, level in (("me", 0.1), ("low", 0.2), ("high", 0.3)):
        write_flac(tmp_path / f"{name}.flac", np.full(24000, level, np.float32), 24000)
    folder = directed(
        tmp_path,
        ("It rained", "[It rained]{emo=sad/2}"),
        ("Nobody moved", "[Nobody moved]{emo=angry/3}"),
        ('"Not tonight."', "[“Not tonight.”]{emo=afraid/3 rate=1.2}"),
        manifest=CLONED,
    )
    with dotsbook.open(folder) as book:
        found = {chunk.spoken: chunk.delivery for chunk in book.chunks() if chunk.delivery}
        session = book.session
        assert found == {
            "It rained,": "emo=sad",
            "Nobody moved.": "emo=angry/3",
            "“Not tonight.”": 'rate=1.2 instruct="Speak in a very afraid voice."',
        }
        sad, angry = session.voice("narrator {emo=sad}"), session.voice("narrator {emo=angry/3}")
        assert sad.reference == folder / "low.flac" and angry.transcript == "Go away."
        mara = session.voice('mara {rate=1.2 instruct="Speak in a very afraid voice."}')
        assert mara.settings["instructions"] == "A woman. Speak in a very afraid voice."
        assert mara.settings["tempo"] == pytest.approx(1.2) and mara.timbre == "mara"
        assert len({session.voice(name).fingerprint for name in session.narration.voices}) == len(
            session.narration.voices
        )
        assert session.narration.names == ["narrator", "mara"]
    assert "the recording `sad` has one strength only" in told(folder)
    (tmp_path / "low.flac").unlink()
    with pytest.raises(
        VoiceError, match=r"book.yaml line 7: the recording `sad` of voice `narrator` isn't there"
    ):
        chunks(folder)


def test_another_recording_needs_consent_too(tmp_path):
    manifest = CLONED.replace("reference: me.flac, consent: mine, ", "")
    with pytest.raises(ManifestError, match="has a reference but no consent"):
        chunks(directed(tmp_path, manifest=manifest))


def test_a_rate_beyond_what_a_voice_can_is_told(tmp_path):
    manifest = MANIFEST.replace("narrator: {}", "narrator: {tempo: 1.5}")
    folder = directed(tmp_path, ("Nobody moved", "[Nobody moved]{rate=2}"), manifest=manifest)
    assert [chunk.delivery for chunk in chunks(folder) if chunk.delivery] == ["rate=1.333"]
    assert "`rate=2` isn't heard: with the voice's own tempo 1.5 it can be 1.33" in told(folder)


def test_words_part_where_a_listener_hears_them_part(tmp_path):
    """And it isn't asked again when only the pause changes."""
    from dotsbook.production.pauses_inside import GapFinder
    from dotsbook.render.opinions import SpokenWord

    asked = []

    def listener(samples, rate, voiced, place, times):
        asked.append((place, times))
        return 0.9

    folder = directed(tmp_path, direction="- {words: They ran over, pause-after: 1}\n")
    rendered(folder)
    with dotsbook.open(folder) as book:
        from dotsbook.production.assembly import timeline_of

        timeline = timeline_of(book.session, None, False)[0]
    line = next(
        one.voiced for track in timeline.tracks for one in track.placements if one.voiced.chunk.inside
    )
    rate = line.take.rate
    place = line.chunk.inside[0][0]
    words = [SpokenWord(0, place, 0.2, 1.0), SpokenWord(place + 1, place + 7, 1.0, 1.4)]
    sound = np.random.default_rng(1).normal(0, 0.1, line.take.samples).astype(np.float32)
    point = GapFinder(sound, rate, line, words, listener).point(place, 1.0, 48000, 0)
    assert asked == [(place, (1.0, 1.0))]
    assert point.silence == 48000 and abs(point.into / rate - 0.9) < 0.06
    deaf = GapFinder(sound, rate, line, words).point(place, 1.0, 48000, 0)
    assert 0.87 < deaf.into / rate < 1.02


def test_a_recording_of_an_emotion_is_enrolled_beside_the_voices_own(tmp_path):
    from dotsbook.voices.syllables import RATE, draw

    words = "Nobody waved when the boat left, and nobody was sorry for it either."
    write_flac(tmp_path / "low.flac", draw("mara", words, 1), RATE)
    folder = directed(tmp_path / "book", manifest=MANIFEST.replace("mara: {}", "mara: {consent: mine}"))
    with dotsbook.open(folder) as book:
        made = book.voices.add("mara", tmp_path / "low.flac", "", words, emotion="sad")
        assert made.fields["emotion"] == "sad"
    with dotsbook.open(folder) as book:
        book.voices.add("mara", tmp_path / "low.flac", "", words, emotion="angry/3")
    with dotsbook.open(folder) as book:
        references = book.project.manifest.voices["mara"].references
        assert list(references) == ["sad", "angry/3"] and references["sad"].transcript == words
        with pytest.raises(VoiceError, match="has a recording `sad` already"):
            book.voices.add("mara", tmp_path / "low.flac", "", words, emotion="sad")
        with pytest.raises(VoiceError, match="has no consent line"):
            book.voices.add("narrator", tmp_path / "low.flac", "", words, emotion="sad")


def test_a_delivery_that_cannot_be_is_a_sentence(tmp_path):
    with dotsbook.open(directed(tmp_path)) as book:
        assert book.project.voice("mara {rate=0.8}").tempo == 0.8
        for name, said in (
            ("mara {rate=x}", "write a number"),
            ("nobody {rate=1}", "there is no voice `nobody`"),
        ):
            with pytest.raises(VoiceError, match=said):
                book.project.voice(name)
