"""From two texts to an instruction, and the forms of tags that the model was trained on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.model.editing import forms
from dotsbook.model.editing.changes import changes_between, instruction_between
from dotsbook.model.editing.instruction import InstructionError


@pytest.mark.parametrize(
    ("before", "after", "instruction"),
    [
        ("The brave world.", "The small world.", 'The <sub targ="small">brave</sub> world.'),
        ("I really know.", "I know.", "I <del>really </del>know."),
        ("I know.", "I really know.", "I <ins>really </ins>know."),
        ("a big cat sat", "a small dog sat", 'a <sub targ="small dog">big cat</sub> sat'),
        ("a well known man", "a well-known man", 'a <sub targ="well-known">well known</sub> man'),
        ("他今天没来。", "他没来。", "他<del>今天</del>没来。"),
        ("第二章", "第三章", '第<sub targ="三">二</sub>章'),
        ("Он ушёл домой.", "Он пришёл домой.", 'Он <sub targ="пришёл">ушёл</sub> домой.'),
        ('say "5 < 6" & go', 'say "5 < 7" & go', 'say "5 &lt; <sub targ="7">6</sub>" &amp; go'),
        ("It is so", 'It is "so"', 'It is <sub targ="&quot;so&quot;">so</sub>'),
    ],
)
def test_an_instruction_from_two_texts(before, after, instruction):
    found = instruction_between(before, after)
    assert (found.text, found.source, found.target) == (instruction, before, after)
    forms.check_forms(found.text)


def test_words_that_stay_are_no_change():
    with pytest.raises(InstructionError):
        instruction_between("The same.", " The same. ")
    assert instruction_between("The same.", "The same.", enhance=True).text == "<enhance>The same.</enhance>"


@settings(deadline=None, max_examples=200)
@given(*[st.text("ab'-., 他かé<&\"", min_size=1, max_size=20).filter(str.strip)] * 2)
def test_changes_are_both_texts(before, after):
    found = changes_between(before, after)
    assert "".join(new for _, new in found).split() == after.split()
    assert "".join(old for old, _ in found) == before
    if before.strip() != after.strip():
        forms.check_forms(instruction_between(before, after).text)


def test_what_a_person_asks_for_is_written_as_the_model_knows_it():
    assert forms.emotional("Go & see.", "angry/3") == '<emo type="angry" level="3">Go &amp; see.</emo>'
    assert forms.emotional("Go.", "sad") == '<emo type="sad" level="2">Go.</emo>'
    assert forms.emotional("Go.", "tired and cold") == '<emo desc="tired and cold">Go.</emo>'
    assert forms.pitched("Go.", -5) == "<pitch, semitones=-5>Go.</pitch>"
    assert forms.paced("Go.", 0.9) == "<rate, factor=0.90>Go.</rate>"
    assert forms.enhanced("Go.") == "<enhance>Go.</enhance>"
    for made in (
        forms.emotional("a", "sad"),
        forms.pitched("a", 9),
        forms.paced("a", 1.95),
        'a<pause act="ins" level="2"/> b',
        "<enhance>a <del>b</del></enhance>",
    ):
        forms.check_forms(made)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: forms.emotional("a", "angry/4"),
        lambda: forms.emotional("a", "furious"),
        lambda: forms.pitched("a", 3),
        lambda: forms.paced("a", 1.0),
        lambda: forms.paced("a", 2.5),
        *(
            lambda text=text: forms.check_forms(text)
            for text in (
                '<emo type="bored">a</emo>',
                '<emo type="sad" desc="so">a</emo>',
                "<pitch semitones=5>a</pitch>",
                "<rate, factor=1.00>a</rate>",
                '<pause level="2"/>a',
                "<bg>a</bg>",
                '<emo type="sad">a <del>b</del></emo>',
            )
        ),
    ],
)
def test_a_form_that_the_model_was_never_shown_is_refused(wrong):
    with pytest.raises(InstructionError) as refused:
        wrong()
    assert refused.value.kind == "untrained"
