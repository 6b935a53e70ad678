"""From manuscript to finished book, as a user goes, with the deterministic test voice."""

import json

import mutagen


def test_plan_accounts_for_every_character(shell):
    plan = shell.json("plan")
    assert [chapter["title"] for chapter in plan["chapters"]] == ["One", "Two"]
    assert plan["receipt"]["unaccounted"] == 0
    assert (
        plan["receipt"]["source_chars"] == plan["receipt"]["spoken_chars"] + plan["receipt"]["skipped_chars"]
    )
    chunks = [chunk for chapter in plan["chapters"] for chunk in chapter["chunks"]]
    assert {chunk["voice"] for chunk in chunks} == {"narrator", "mara", "anselm"}
    assert {chunk["language"] for chunk in chunks} >= {"en", "fr"}
    assert any("twelve gulls" in chunk["spoken"] for chunk in chunks)
    fields = [
        "id",
        "key",
        "text",
        "spoken",
        "voice",
        "speaker",
        "language",
        "source",
        "start",
        "end",
        "pause",
        "delivery",
        "pauses",
    ]
    assert all(list(chunk) == fields for chunk in chunks)
    assert plan["estimate"]["chunks"] == len(chunks) == len({chunk["key"] for chunk in chunks})
    assert plan["estimate"]["render_seconds"] is None, "nothing was measured yet, so nothing is claimed"


def test_make_a_book_that_proves_right(shell):
    shell("make", "@")
    book = next((shell.folder / "out").glob("*.m4b"))
    tags = mutagen.File(book)
    assert tags["\xa9nam"] == ["The Ferry"]
    assert tags["\xa9ART"] == ["A. Writer"]
    assert [chapter.title for chapter in tags.chapters] == ["One", "Two"]
    proof = json.loads(book.with_suffix(".proof.json").read_text())
    assert proof["ok"]
    shell("verify", "@")
    status = shell.json("status")
    assert all(
        chapter["done"] == chapter["chunks"] and chapter["failed"] == 0 for chapter in status["chapters"]
    )


def test_nothing_is_done_twice_and_an_edit_costs_its_own_sentence(shell):
    shell("render", "@")
    first = shell.takes()
    assert "Nothing to render" in shell("render", "@")
    assert shell.takes() == first
    shell.edit("story.md", "12 gulls on the rail", "13 gulls on the rail")
    shell("render", "@")
    after_edit = shell.takes()
    assert {name: after_edit[name] for name in first} == first
    assert len(after_edit) == len(first) + 1
    shell.edit(
        "story.md", "She looked at the water.", "It rained a little harder now. She looked at the water."
    )
    shell.edit("story.md", "## Two", "## Second")
    shell("render", "@")
    assert len(shell.takes()) == len(after_edit) + 2, "the new sentence, and the heading that is spoken"


def test_a_lexicon_entry_costs_the_lines_that_hold_the_word(shell):
    shell("render", "@")
    first = shell.takes()
    (shell.folder / "lexicon.yaml").write_text("gulls: gullz\n")
    shell.edit("book.yaml", "engine: syllables", "engine: syllables\nlexicon: lexicon.yaml")
    shell("render", "@")
    assert len(shell.takes()) == len(first) + 1


def test_again_and_retake_make_new_takes_and_keep_the_old(shell):
    shell("render", "@")
    first = shell.takes()
    shell("render", "@", "--chapter", "2", "--again")
    again = shell.takes()
    chunks = shell.json("status")["chapters"]
    assert len(again) == len(first) + chunks[1]["chunks"]
    shell("retake", "1.2", "--project", "@", "--why", "mumbled")
    shell("render", "@")
    assert len(shell.takes()) == len(again) + 1
    listed = shell.json("sweep")
    assert len(listed["files"]) == chunks[1]["chunks"] + 1
    assert len(shell.takes()) == len(again) + 1, "sweep alone only lists"
    shell("sweep", "@", "--yes")
    assert len(shell.takes()) == len(first)
    shell("assemble", "@")


def test_limit_stops_and_the_rest_follows(shell):
    shell("render", "@", "--limit", "3")
    assert len(shell.takes()) == 3
    said = shell("assemble", "@", code=3)
    assert "no take" in said
    assert not (shell.folder / "out").exists() or not list((shell.folder / "out").glob("*.m4b"))
    shell("assemble", "@", "--partial", code=3)
    partial = next((shell.folder / "out").glob("*.m4b"))
    assert "(incomplete)" in partial.name
    shell("render", "@")
    shell("assemble", "@")
    whole = next((shell.folder / "out").glob("*.m4b"))
    assert "(incomplete)" not in whole.name
    assert not list((shell.folder / "out").glob("*(incomplete)*"))


def test_an_altered_take_is_found_and_mended(shell):
    shell("render", "@")
    take = next((shell.folder / ".dotsbook" / "takes").rglob("*.flac"))
    good = take.read_bytes()
    take.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert "altered" in shell("verify", "@", code=3)
    assert shell("assemble", "@", code=3)
    shell("verify", "@", "--repair")
    shell("render", "@")
    assert take.read_bytes() == good
    shell("verify", "@")


def test_texts_with_times_and_the_page(shell):
    shell("make", "@", "--format", "vtt,srt,lrc,json,page")
    out = shell.folder / "out"
    for ending in ("vtt", "srt", "lrc", "json"):
        assert "water" in (out / f"The Ferry.{ending}").read_text()
    page = (out / "index.html").read_text()
    assert "The Ferry" in page and "http" not in page.lower().replace("http-equiv", "")


def test_what_is_spoken_and_what_changed(shell):
    text = shell("plan", "@", "--text")
    assert "Not tonight." in text and "Mara:" not in text
    assert "'12' → 'twelve'" in shell("plan", "@", "--changes")
    assert "── 1" not in shell("plan", "@", "--text", "--chapter", "2")


def test_voices_are_listed_with_their_state(shell):
    listed = json.loads(shell("voices", "@", "--json"))
    assert {row["voice"]: row["state"] for row in listed}["mara"] == "the engine's own voice"
    assert all(row["chunks"] for row in listed)


def test_a_measurement_is_kept_and_used(shell):
    (shell.folder / "story.md").write_text(
        "# One\n\n"
        + "\n\n".join(f"The boat number {n} left the harbour before anyone was awake." for n in range(30))
    )
    assert shell.json("plan", "--measure")["estimate"]["render_seconds"] > 0
    assert shell.json("plan")["estimate"]["render_seconds"] > 0
    assert shell.takes() == {}


def test_credits_are_spoken_or_taken_from_a_recording(shell):
    import numpy as np
    import soundfile

    soundfile.write(
        shell.folder / "end.wav",
        (0.1 * np.sin(np.arange(48000) * 0.05) * (np.arange(48000) // 4000 % 2)).astype(np.float32),
        48000,
    )
    shell.edit(
        "book.yaml", "pacing:", 'credits: {opening: "The Ferry, by A. Writer.", closing: end.wav}\npacing:'
    )
    shell("make", "@")
    book = mutagen.File(next((shell.folder / "out").glob("*.m4b")))
    assert [chapter.title for chapter in book.chapters] == [
        "Opening Credits",
        "One",
        "Two",
        "Closing Credits",
    ]
    takes = shell.takes()
    shell("sweep", "@", "--yes")
    assert shell.takes() == takes, "the credits' take is needed"
    shell("status", "@")
    shell("plan", "@")


def test_a_copy_of_the_script_that_is_lost_damaged_or_old_is_made_again(shell):
    shell("render", "@", "--limit", "1")
    before, copy = shell.json("plan"), shell.folder / ".dotsbook/cache/narration.db"
    whole = copy.read_bytes()
    middle = len(whole) // 2
    for damaged in (b"", whole[:middle], b"no database " * 1000, whole[:middle] + bytes(len(whole) - middle)):
        copy.write_bytes(damaged)
        assert shell.json("plan") == before and copy.read_bytes() == whole
    copy.unlink()
    assert shell.json("plan") == before
    manuscript = next(shell.folder.glob("*.md"))
    manuscript.write_text(manuscript.read_text() + "\n\nAnd a last line came.\n")
    assert shell.json("plan") != before
