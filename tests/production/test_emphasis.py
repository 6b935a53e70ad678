"""Italics and bold of a Markdown manuscript, from its text to the finished read-along."""

import sqlite3
import zipfile
from contextlib import closing
from itertools import pairwise

from lxml import etree

import dotsbook
from dotsbook.book import Mark
from dotsbook.master.readalong.typeset import MarkedPlaces
from tests.production.conftest import MANIFEST, make

STORY = """# The *Ferry*

The boat, the _Marie
Celeste_, left at 6:30. **Nobody** waved. *It rained. It rained ***hard***.* Nothing else.

**Mara:** "Not *tonight*."

A snake_case_name and 2 * 3 * 4.
"""
BOLD = ["Nobody", "hard"]  # of each sentence that has some
SLANTED = ["Ferry", "Marie CelesteIt rained.", "It rained hard.", "tonight"]


def set_in(body: etree._Element, tag: str) -> list[str]:
    """What stands in elements of a name, all of a sentence's as one."""
    sentences = [node for node in body.iter("{*}span") if node.get("id")]
    found = ["".join("".join(node.itertext()) for node in one.iter(f"{{*}}{tag}")) for one in sentences]
    return [text for text in found if text]


def test_italics_and_bold_stand_in_the_read_along_and_its_sentences_stay_valid(tmp_path):
    with dotsbook.open(make(tmp_path / "ferry", STORY, MANIFEST)) as book:
        list(book.render())
        [made] = book.assemble(["epub"])
    rows = {row.what: row for row in made.proof.rows}
    assert made.proof.ok and rows["sentences found in the text"].found == "5"
    with zipfile.ZipFile(made.path) as archive:
        body = etree.fromstring(archive.read("EPUB/text/0001.xhtml"))
        overlays = [archive.read(name) for name in archive.namelist() if name.endswith(".smil")]
    assert set_in(body, "strong") == BOLD and set_in(body, "em") == SLANTED
    ids = [node.get("id") for node in body.iter("{*}span") if node.get("id")]
    asked = [
        node.get("src").partition("#")[2]
        for data in overlays
        for node in etree.fromstring(data).iter("{*}text")
    ]
    assert asked == ids and len(ids) == 5
    assert "Mara" not in "".join(body.itertext())


def test_a_script_is_the_same_with_and_without_them(tmp_path):
    plain = STORY.replace("***hard***.*", "hard.").replace("*It", "It").replace("**Nobody**", "Nobody")
    plain = plain.replace("*Ferry*", "Ferry").replace("*tonight*", "tonight")
    plain = plain.replace("_Marie", "Marie").replace("Celeste_", "Celeste")
    scripts = []
    for name, story in ("one", STORY), ("two", plain):
        with dotsbook.open(make(tmp_path / name, story)) as book:
            scripts.append([(c.start, c.text, c.spoken, c.voice, c.pause) for c in book.chunks()])
    assert scripts[0] == scripts[1]


def test_the_narration_keeps_them_and_reads_an_older_copy_anew(ferry):
    (ferry / "story.md").write_text(STORY, "utf-8")
    with dotsbook.open(ferry) as book:
        list(book.render())
    copy = ferry / ".dotsbook" / "cache" / "narration.db"
    for fresh in (True, False):
        with dotsbook.open(ferry) as book:
            narration = book.session.narration
            [(source, marks)] = narration.marks().items()
            assert source == "story.md" and all(one.start <= two.start for one, two in pairwise(marks))
            kinds = [mark.kind for mark in marks]
            assert kinds.count("strong") == len(BOLD) and kinds.count("emphasis") >= len(SLANTED)
        if fresh:  # as an older program wrote it
            with closing(sqlite3.connect(copy)) as rows:
                rows.execute("DROP TABLE marks")
                rows.execute("UPDATE head SET facts = json_set(facts, '$.print', 'older')")
                rows.commit()
    with closing(sqlite3.connect(copy)) as rows:
        assert rows.execute("SELECT count(*) FROM marks").fetchone()[0] == len(marks)


def test_marks_are_found_by_place_even_inside_each_other():
    marks = [
        Mark(0, 100, "emphasis"),
        Mark(10, 12, "strong"),
        Mark(90, 95, "strong"),
        Mark(200, 210, "strong"),
    ]
    places = MarkedPlaces([*reversed(marks), Mark(0, 500, "language", "fr")])
    for start, end in (0, 5), (11, 13), (12, 90), (50, 300), (100, 200), (209, 400), (300, 400):
        assert places.over(start, end) == [mark for mark in marks if mark.start < end and mark.end > start]
