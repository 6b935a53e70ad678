"""The language of edits: what is said before and after, which instructions are none, how several are joined."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.model.editing.instruction import InstructionError, escaped, parse
from dotsbook.model.editing.several import one_instruction

TEXTS = [
    ('The <sub targ="small">brave</sub> world.', "The brave world.", "The small world."),
    ("I <del>really </del>know.", "I really know.", "I know."),
    ("out<ins>, and nobody spoke</ins>.", "out.", "out, and nobody spoke."),
    ("well<ins>-</ins>known", "well known", "well-known"),
    ("no<del>thing</del>", "nothing", "no"),
    ("un<ins>re</ins>al", "un al", "un re al"),
    ("café <del>x</del> élan", "café x élan", "caféélan"),
    ('Он <sub targ="пришёл">ушёл</sub> домой.', "Он ушёл домой.", "Онпришёлдомой."),
    ("他<ins>今天</ins>没来", "他没来", "他今天没来"),
    ("かな<ins>x</ins>です", "かな です", "かな x です"),
    ('Wait<pause act="red" level="1" />here', "Waithere", "Waithere"),
    ('<emo type="calm">a  <del>b</del></emo>  c', "a  b  c", "a c"),
    ("a<del>b<ins>c</ins>d</del>e", "ab de", "a e"),
    ('it<sub targ="\'s"> is</sub> here', "it is here", "it's here"),
    ("the boys<ins>'</ins> hats", "the boys hats", "the boys' hats"),
    ('a<ins>b <sub targ="c">d</sub></ins>', "a", "a b c"),
    ("AT&T &copy 5 &lt", "AT&T © 5 <", "AT&T © 5 <"),
    ("&lt;q&gt;a&lt;/q&gt;<ins>b</ins>", "<q>a</q>", "<q>a</q> b"),
    ("one<ins> </ins>two", "one two", "one two"),
]


@pytest.mark.parametrize(("instruction", "source", "target"), TEXTS)
def test_what_is_said_before_and_after(instruction, source, target):
    found = parse(instruction)
    assert (found.source, found.target) == (source, target)
    assert found.text == instruction


@pytest.mark.parametrize(
    ("instruction", "kind"),
    [
        ("  ", "empty"),
        ("a </del> b", "unexpected_closing"),
        ("<emo><del>a</emo></del>", "unexpected_closing"),
        ("<del/>x", "unsupported_self_closing"),
        ("a <> b", "malformed_tag"),
        ("<|audio_gen_span|> x", "malformed_tag"),
        ("<a>b</a>", "unsupported_tag"),
        ('<pause act="ins">x', "unsupported_tag"),
        ("a <del>b", "unclosed"),
        ("1 < 2", "stray_bracket"),
        ("a > b", "stray_bracket"),
        ('<sub mytarg="x">y</sub>', "sub_without_target"),
        ("<ins>all</ins>", "empty_source"),
        ("<del>all</del>", "empty_target"),
    ],
)
def test_what_is_no_instruction(instruction, kind):
    with pytest.raises(InstructionError) as refused:
        parse(instruction)
    assert refused.value.kind == kind
    assert str(refused.value).endswith(".")


def test_texts_that_are_given_take_the_place_of_derived_ones_but_not_of_the_check():
    found = parse("<ins>b</ins>", source=" [EN]a ")
    assert (found.source, found.target, found.source_given, found.target_given) == ("[EN]a", "b", True, False)
    with pytest.raises(InstructionError):
        parse("<del>b", source="a", target="b")


@pytest.mark.parametrize(
    ("instruction", "voiced"),
    [
        ("plain", True),
        ('<emo type="sad">a</emo>', False),
        ("<enhance><bg>a</bg></enhance>", False),
        ('<enhance><sub targ="new">old</sub></enhance>', True),
    ],
)
def test_where_only_the_manner_changes_the_x_vector_is_left_out(instruction, voiced):
    assert parse(instruction).voiced == voiced


def test_instructions_of_several_speakers():
    assert one_instruction(["他", "她"]) == "他她"
    assert one_instruction(["a", "<ins>x</ins>b"]) == "a<spk_transfer/> <ins>x</ins>b"
    assert one_instruction(["a<ins>x", "</ins> b"]) == "a<ins>x</ins><spk_transfer/> b"
    for parts, kind in (
        (["a<ins>x", "b</ins>"], "insertion_across_boundary"),
        (["a<ins>x"], "unclosed_insertion"),
    ):
        with pytest.raises(InstructionError) as refused:
            one_instruction(parts)
        assert refused.value.kind == kind


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "/", "del", "ins", "sub", 'targ="x"', "pause", "&amp;", "a", " ", "é", "他"]
        )
    )
)
def test_anything_is_read_or_refused(parts):
    try:
        found = parse("".join(parts))
    except InstructionError:
        return
    assert found.source and found.target


@settings(deadline=None)
@given(st.text(min_size=1))
def test_escaped_text_is_itself(text):
    if text.strip() and "\r" not in text and all(ord(letter) > 31 for letter in text):
        assert parse(escaped(text)).source == text.strip()


def test_tags_may_be_as_deep_as_they_like():
    depth = 10 * sys.getrecursionlimit()
    assert parse("<emo>" * depth + "a" + "</emo>" * depth).target == "a"
