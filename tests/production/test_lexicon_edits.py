"""Decisions about words: where an entry will act before it does, and what is written."""

import pytest

import dotsbook
from dotsbook.errors import ManifestError
from tests.production.conftest import MANIFEST, make

STORY = "# The Ferry\n\n## One\n\nThen Siobhan waved. Nobody saw Siobhan's hat, and Adair left.\n\nThey read it. The boat was late.\n"


def words_of(folder, every=False):
    with dotsbook.open(folder) as book:
        return {odd.word: odd.entry for odd in book.lexicon.find() if every or odd.entry is None}


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path / "book", STORY)


def test_an_entry_says_where_it_will_act(folder):
    with dotsbook.open(folder) as book:
        ids = [chunk.id for chunk in book.chunks() if "Siobhan" in chunk.text]
        effect = book.lexicon.effect("Siobhan", "Shivawn")
        assert effect.chunks == tuple(ids) and len(ids) == 2 and effect.takes == 0
        assert not (folder / "lexicon.yaml").exists(), "nothing was written"
        list(book.render())
        assert book.lexicon.effect("Siobhan", "Shivawn").takes == 2
        assert book.lexicon.effect("Nowhere", "x").chunks == ()


def test_a_respelling_acts_where_it_said(folder):
    with dotsbook.open(folder) as book:
        list(book.render())
        effect = book.lexicon.effect("Siobhan", "Shivawn")
        book.lexicon.respell("Siobhan", "Shivawn")
    with dotsbook.open(folder) as book:
        assert tuple(chunk.id for chunk in book.chunks() if "Shivawn" in chunk.spoken) == effect.chunks
        status = book.status()
        assert status.chunks - status.done == effect.takes
        assert book.lexicon.effect("Siobhan", "Shivawn").chunks == (), "it acts already"


def test_what_is_accepted_is_listed_no_more_and_costs_no_take(folder):
    assert words_of(folder).keys() == {"Siobhan", "Adair", "read"}
    with dotsbook.open(folder) as book:
        list(book.render())
        book.lexicon.accept(["Adair", "read"])
    assert words_of(folder).keys() == {"Siobhan"} and words_of(folder, every=True)["Adair"] == "Adair"
    with dotsbook.open(folder) as book:
        assert book.status().done == book.status().chunks


def test_the_files_other_lines_stay(folder):
    path = folder / "lexicon.yaml"
    path.write_text(
        "# names\nAdair: a-DARE  # the dog\nSiobhan:\n  say: Shivon\n  voice: mara\n# end\n", "utf-8"
    )
    (folder / "book.yaml").write_text(MANIFEST + "lexicon: lexicon.yaml\n", "utf-8")
    with dotsbook.open(folder) as book:
        book.lexicon.respell("Siobhan", "Shivawn: so")
        book.lexicon.respell("no", "know")
    assert path.read_text("utf-8") == (
        "# names\nAdair: a-DARE  # the dog\nSiobhan: 'Shivawn: so'\n'no': know\n# end\n"
    )


def test_what_cannot_be_edited_is_told(folder):
    (folder / "lexicon.yaml").write_text("{Adair: a-DARE}\n", "utf-8")
    (folder / "book.yaml").write_text(MANIFEST + "lexicon: lexicon.yaml\n", "utf-8")
    with dotsbook.open(folder) as book:
        with pytest.raises(ManifestError, match="by hand"):
            book.lexicon.respell("Siobhan", "Shivawn")
        with pytest.raises(ManifestError, match="of letters"):
            book.lexicon.respell("Siobhan", " - ")
    assert (folder / "lexicon.yaml").read_text("utf-8") == "{Adair: a-DARE}\n"


def test_the_commands(folder, capsys):
    from dotsbook.cli.app import run

    assert run(["lexicon", "respell", "Siobhan", "Shivawn", "-y", "-p", str(folder)]) == 0
    assert run(["lexicon", "accept", "Adair", "-p", str(folder)]) == 0
    assert run(["lexicon", "find", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 lines (1.2, 1.3)" in said and "0 takes to be made anew" in said
    assert "reed or red" in said and "Adair" not in said.split("word times")[-1]
