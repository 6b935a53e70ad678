"""Edits with a tiny model: schedule, limits, many at once, what a source is made ready by."""

import numpy as np
import pytest

from dotsbook.errors import ModelError
from dotsbook.model.editing.edit_prefix import read_edits
from dotsbook.model.editing.edit_source import EDGE, prepared
from dotsbook.model.editing.editor import Editor, LineEdit
from dotsbook.model.editing.instruction import parse
from dotsbook.model.editing.schedule import schedule
from dotsbook.model.failures import LineTooLong, WrongProfile
from dotsbook.model.sampling import SamplingOptions

SHORT = SamplingOptions(max_patches=40, eos_threshold=2.0)


def hum(seconds: float, rate: int, pitch: float = 140.0) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * pitch * t) * np.minimum(1, 8 * t)).astype(np.float32)


@pytest.fixture(scope="module", params=["fm", "mf"])
def editor(request, tiny):
    from dotsbook.model.dots import Dots

    sizes = {"patch_size": 2, "lookahead": 1} if request.param == "mf" else {}
    return Editor(Dots.load(tiny(request.param, **sizes), dtype="float32"))


def edits(editor):
    """Lines of different lengths, instructions and seeds."""
    sources = [editor.hear(hum(0.4 + 0.15 * i, 16000, 120 + 20 * i), 16000) for i in range(3)]
    asked = ['a <sub targ="long ">short</sub>line', "He <del>did </del>go", '<emo type="sad">Gone.</emo>']
    return [
        LineEdit(
            sources[i % 3],
            parse(asked[i % len(asked)]),
            SamplingOptions(max_patches=sources[i % 3].patches + 2 + i % 3, eos_threshold=2.0, num_steps=2),
            seed=i,
        )
        for i in range(4)
    ]


def test_edits_together_are_what_each_is_alone(editor):
    lines = edits(editor)
    together = dict(editor.edit_batch(lines))
    samples = editor.dots.config.patch_samples
    for i, line in enumerate(lines):
        alone = editor.edit(line)
        assert len(alone) == (line.sampling.max_patches - line.source.patches) * samples
        np.testing.assert_allclose(together[i], alone, atol=1e-4)
    assert np.abs(together[0] - together[3][: len(together[0])]).max() > 1e-3  # another seed, another take


def test_what_the_model_reads(editor):
    tokens, source = editor.dots.tokens, editor.hear(hum(0.4, 16000), 16000)
    instruction = parse("x&lt;|audio_gen_span|&gt;<ins> y</ins>")
    plan = schedule(tokens, instruction, source.patches)
    whole = plan.whole(tokens, 3)
    assert whole.count(tokens.span) == source.patches + 3  # what the text spells is text
    assert whole[plan.first_span - 1] == tokens.start and whole[-1] == tokens.token("<|audio_gen_end|>")
    for literal in ("[原文本]", "[原语音]", "[编辑指令]", "[编辑文本]", "[编辑后语音]"):
        part = tokens.encode(literal)
        assert any(whole[i : i + len(part)] == part for i in range(len(whole)))


def test_what_leaves_no_room_is_told_before_anything_runs(editor):
    source = editor.hear(hum(0.5, 16000), 16000)
    for most, text in ((source.patches, "a"), (500, "word " * 600)):
        with pytest.raises(LineTooLong):
            editor.edit(LineEdit(source, parse(f"{text}<ins> b</ins>"), SamplingOptions(max_patches=most)))


def test_a_source_of_another_model_is_refused(editor):
    from dataclasses import replace

    source = replace(editor.hear(hum(0.4, 16000), 16000), model="another")
    [(_, found)] = editor.edit_batch([LineEdit(source, parse("a<ins> b</ins>"), SHORT)])
    assert isinstance(found, WrongProfile)


def test_all_takes_of_an_edit_share_what_was_read(editor):
    source = editor.hear(hum(0.4, 16000), 16000)
    takes = [
        editor.plan(seed, LineEdit(source, parse("a<ins> b</ins>"), SHORT, seed=seed)) for seed in range(3)
    ]
    first, second = editor.rows(takes[:2])
    assert first.prefix is second.prefix is editor.rows(takes[2:])[0].prefix


def test_what_is_read_together_is_what_is_read_alone(editor):
    planned = [editor.plan(i, line) for i, line in enumerate(edits(editor))]
    together = read_edits(editor.dots, [one.reading for one in planned])
    for one, row in zip(planned, together, strict=True):
        [alone] = read_edits(editor.dots, [one.reading])
        assert row.ids == alone.ids and row.llm.length == alone.llm.length == len(row.ids)
        for got, wanted in zip(
            [*row.llm.arrays(), *row.encoder_state.arrays()],
            [*alone.llm.arrays(), *alone.encoder_state.arrays()],
            strict=True,
        ):
            np.testing.assert_allclose(np.array(got), np.array(wanted), atol=1e-4)


@pytest.mark.parametrize("rate", [8000, 11025, 48000])
def test_a_source_has_its_edges(rate):
    quiet = np.zeros(round(0.6 * rate), np.float32)
    tone = hum(0.5, rate) + np.float32(0.25)
    for before, after in ((quiet, quiet[:10]), (quiet[:0], quiet)):
        made = prepared(np.stack([np.concatenate([before, tone, after])] * 2), rate, 24000, 960)
        loud = np.flatnonzero(np.abs(made) > np.abs(made).max() * 10 ** (-30 / 20))
        assert loud[0] == round(24000 * EDGE)
        assert 24000 * EDGE <= len(made) - 1 - loud[-1] < 24000 * EDGE + 960
        assert len(made) % 960 == 0


def test_silence_is_a_source_and_nothing_is_none():
    assert len(prepared(np.zeros(5, np.float32), 8000, 16000, 640)) == 4480
    for samples in (np.zeros(0, np.float32), np.array([np.nan], np.float32)):
        with pytest.raises(ModelError):
            prepared(samples, 8000, 16000, 640)
