"""The audiobookshelf folder: its names, its metadata, and what it leaves alone."""

import json
from dataclasses import replace
from pathlib import Path

from dotsbook.master.about import About
from dotsbook.master.join import Sound
from dotsbook.master.loudness import Levels, parse_target
from dotsbook.master.mastering import Made, Mastering, Settings
from dotsbook.master.proof import Proof
from dotsbook.master.room_tone import make_bed
from dotsbook.master.shelf import make_shelf, metadata, place

ABOUT = About(
    "Time: a History?",
    "Ann Author; Ben Writer",
    "Nora Voice",
    "en",
    series="Clocks",
    part="2",
    date="1895-05-07",
    isbn="9780000000002",
)


def m4b(folder):
    book = folder / "book.m4b"
    book.write_bytes(b"sound" * 100)
    return book


def test_the_folder_is_named_as_audiobookshelf_reads_it():
    assert place(ABOUT).parts == (
        "Ann Author; Ben Writer",
        "Clocks",
        "Vol 2 - 1895 - Time - a History {Nora Voice}",
    )
    assert place(About("Alone", "")).parts == ("Unknown author", "Alone")
    assert place(replace(ABOUT, title="../../etc", author="../x", series=None)).parts[0] not in ("..", "/")


def test_names_stay_within_what_file_systems_take():
    long = place(About("T" * 500, "A" * 500, "N" * 500))
    assert all(len(part.encode()) <= 255 for part in long.parts)


def test_metadata_has_the_flat_keys_and_every_chapter(small_book):
    data = metadata(small_book, ABOUT)
    assert data["authors"] == ["Ann Author", "Ben Writer"] and data["narrators"] == ["Nora Voice"]
    assert (
        data["series"] == ["Clocks #2"]
        and data["publishedYear"] == "1895"
        and data["isbn"] == "9780000000002"
    )
    assert [chapter["title"] for chapter in data["chapters"]] == [track.title for track in small_book.tracks]
    assert (
        data["chapters"][0]["start"] == 0
        and data["chapters"][-1]["end"] == small_book.samples / small_book.rate
    )


def shelve(timeline, about: About, book: Path, out: Path) -> Made:
    """Shelve a finished M4B."""
    sound = Sound(timeline.rate, {}, make_bed(False, timeline.rate), None)
    levels = Levels(parse_target("off"), 0.0, {}, {})
    made = {"m4b": [Made(book, Proof(book.name, ()))]}
    return make_shelf(
        Mastering(timeline, about, Settings(), sound, levels, out, out, lambda what, share: None, made)
    )[0]


def test_the_book_is_linked_and_a_users_metadata_left_alone(small_book, tmp_path):
    book = m4b(tmp_path)
    about = ABOUT
    first = shelve(small_book, about, book, tmp_path / "out")
    audio = next(first.path.glob("*.m4b"))
    assert audio.stat().st_ino == book.stat().st_ino and first.proof.ok
    listing = first.path / "metadata.json"
    listing.write_text(json.dumps({"title": "mine"}))
    shelve(small_book, about, book, tmp_path / "out")
    assert json.loads(listing.read_text()) == {"title": "mine"}
    assert not list(first.path.glob(".writing-*"))


def test_without_links_it_is_copied(small_book, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    book = m4b(tmp_path)
    made = shelve(small_book, ABOUT, book, tmp_path / "out")
    assert next(made.path.glob("*.m4b")).read_bytes() == book.read_bytes()


def test_genres_are_split_as_authors_are(small_book):
    data = metadata(small_book, replace(ABOUT, genre="Science Fiction; Adventure"))
    assert data["genres"] == ["Science Fiction", "Adventure"]
