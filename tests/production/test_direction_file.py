"""direction.yaml is edited as a person would: what isn't meant stays as it is written."""

import time

import pytest

from dotsbook.production.direction_file import HEAD, load_direction, rewritten, with_wanted
from dotsbook.text.formats.parts.markdown_spans import marks_asked
from dotsbook.word_anchor import WordAnchor

MINE = """# my notes
- words: the mill   # quick
  rate: 1.1

# the quay
- {words: nobody waved, pause-after: 2}
-   words: She looked
    emo: sad/2
    instruct: "low: to herself"
# the end
"""


@pytest.fixture
def edited(tmp_path):
    def edit(text: str, words: str, wanted: dict, paragraph: str = "") -> str:
        path = tmp_path / "direction.yaml"
        path.write_text(text, "utf-8")
        before = load_direction(path)
        after = with_wanted(before, WordAnchor(words, paragraph), wanted)
        new = rewritten(text, before, after)
        path.write_text(new, "utf-8")
        assert [(one.anchor, dict(one.wanted)) for one in load_direction(path)] == [
            (one.anchor, dict(one.wanted)) for one in after
        ]
        return new

    return edit


def test_a_new_entry_stands_at_the_end(edited):
    assert edited("", "a", {"rate": "0.9"}) == HEAD + "- words: a\n  rate: 0.9\n"
    assert edited("# mine\n", "a", {"rate": "0.9"}) == "# mine\n- words: a\n  rate: 0.9\n"
    assert edited(MINE, "a: b", {"emo": "sad"}, "x a: b y") == MINE + (
        "- words: 'a: b'\n  emo: sad\n  paragraph: 'x a: b y'\n"
    )
    assert edited("  - {words: b, rate: 1.1}", "a", {"rate": "2"}).endswith(
        "}\n  - words: a\n    rate: 2.0\n"
    )
    assert "words: a" in edited("[{words: b, rate: 1.1}]", "a", {"rate": "2"})


def test_a_changed_entry_changes_alone(edited):
    new = edited(MINE, "nobody waved", {"pause-after": "3"})
    assert new == MINE.replace(
        "- {words: nobody waved, pause-after: 2}", "- words: nobody waved\n  pause-after: 3.0"
    )
    new = edited(MINE, "the mill", {"rate": None})
    assert new == MINE.replace("- words: the mill   # quick\n  rate: 1.1\n", "")
    new = edited(MINE, "She looked", {"emo": None, "instruct": None})
    assert new == MINE.partition("-   words: She")[0] + "# the end\n"
    assert edited("- {words: a, rate: 2}", "a", {"rate": None}) == ""


def test_nothing_wanted_of_words_that_want_nothing_is_nothing(edited):
    assert edited(MINE, "else", {"rate": None}) == MINE


@pytest.mark.parametrize(
    "part", [" ", "rate=2", "a=", "a='", "x ", "a. ", "- x: y\n", ".a", "a b=c ", "=x", "Mara "]
)
def test_long_braces_are_read_at_once(part):
    begun = time.process_time()
    marks_asked("rate=0.9" + part * 20_000 + " emo=sad")
    assert time.process_time() - begun < 1


def test_what_is_no_name_in_braces_is_told_whole():
    marks, told = marks_asked("J. Mr Smith rate=0.9 Mara pause:x=2 .note")
    assert [mark[2:] for mark in marks] == [["rate", "0.9"], ["speaker", "Mara"]]
    assert told[0] == "`J. Mr Smith` can't be read; write `key=value`"
    assert len(told) == 2 and "pause:x" in told[1]
