"""What the views answer, and that what is done in them is done to the book."""

import io
import json
import re
import threading

import numpy as np
import pytest
import soundfile

import dotsbook
from dotsbook.studio import book_room
from dotsbook.text.script.script_writer import ScriptWriter
from tests.production.conftest import MANIFEST, make
from tests.studio.conftest import Page


def settled(page) -> None:
    """The board has read the book as it is, and has seen what was done."""
    while not page.house.desk.do(lambda book: book.review.board.load()).result():
        pass
    page.house.desk.do(lambda book: book.review.board.refresh()).result()


def lines(page) -> list[dict]:
    settled(page)
    return page.ask("lines")["lines"]


def line_with(page, text: str) -> dict:
    return next(line for line in lines(page) if text in line["text"])


def test_the_book_is_told(page):
    settled(page)
    told = page.ask("book")
    assert told["title"] == "The Ferry" and told["voices"] == ["narrator", "mara"]
    assert (
        sum(chapter["lines"] for chapter in told["chapters"])
        == told["lines"]
        == len(page.ask("lines")["lines"])
    )
    assert all(set(chapter["states"]) == {"made"} for chapter in told["chapters"])


def test_lines_have_their_text_state_and_sound(page):
    line = line_with(page, "6:30")
    assert line["state"] == "made" and "six thirty" in line["spoken"] and line["ends"] > line["begins"] >= 0
    whole = page.client.get("/sound/take", params={"key": line["sound"]})
    assert (
        whole.headers["content-type"] == "audio/flac" and soundfile.read(io.BytesIO(whole.content))[1] > 8000
    )
    told = page.ask("peaks", key=line["sound"], bars=50)
    assert len(told["peaks"]) == 50 and 0 < max(told["peaks"]) <= 1


def test_after_the_last_line_there_is_none(page):
    assert page.ask("lines", first=5000) == {"lines": []}


@pytest.mark.parametrize(
    "asked, answer, first, last",
    [("bytes=0-", 206, 0, None), ("bytes=10-19", 206, 10, 20), ("bytes=-7", 206, -7, None), ("bytes=5-999999999", 206, 5, None),
     ("bytes=999999999-", 416, None, None), ("bytes=9-3", 416, None, None), ("bytes=1-2,5-6", 200, 0, None), ("lines=1-2", 200, 0, None)],
)  # fmt: skip
def test_players_ask_for_ranges(page, asked, answer, first, last):
    key = line_with(page, "6:30")["sound"]
    whole = page.client.get("/sound/take", params={"key": key}).content
    part = page.client.get("/sound/take", params={"key": key}, headers={"Range": asked})
    assert part.status_code == answer
    if first is not None:
        assert part.content == whole[first:last]
    if answer == 206:
        start = int(part.headers["content-range"].split()[1].partition("-")[0])
        assert whole[start:][: len(part.content)] == part.content


def test_a_line_is_marked_retaken_compared_chosen_and_taken_back(page):
    line = line_with(page, "Nobody waved")
    page.wish("note", line=line["id"], text="said too fast", category="pace", at=0.4, by="Ann")
    page.wish("note", line=line["id"], text="said too fast", category="pace", at=0.4, by="Ann")
    [note] = page.ask("notes")["notes"]
    assert (note["line"], note["category"], note["by"], note["second"]) == (line["id"], "pace", "Ann", 0.4)
    assert page.wish("retake", line=line["id"], key=line["key"], by="Ann")["lines"] == 1
    assert page.wish("retake", line=line["id"], key=line["key"], by="Ann")["lines"] == 0, (
        "the wish came twice"
    )
    settled(page)
    stale = line_with(page, "Nobody waved")
    assert stale["state"] == "stale" and stale["sound"] == line["sound"], "the old take is heard meanwhile"
    page.wish("render")
    assert page.wait("render")["state"] == "done"
    settled(page)
    story = page.ask("line", line=line["id"])
    assert [take["retake"] for take in story["takes"]] == [0, 1]
    assert [take["stands"] for take in story["takes"]] == [False, True]
    page.wish("choose", line=line["id"], key=line["key"], by="Ann")
    settled(page)
    assert line_with(page, "Nobody waved")["key"] == line["key"]
    assert page.wish("undo", by="Bob") == {"undone": None}, "only one's own"
    assert page.wish("undo", by="Ann") == {"undone": "choose"}
    settled(page)
    assert line_with(page, "Nobody waved")["key"] == story["takes"][1]["key"]
    assert page.wish("resolve", note=note["id"]) == {"resolved": True}
    assert page.ask("notes") == {"notes": []}


def test_what_another_program_does_is_seen(page, folder, live):
    line = line_with(page, "Nobody waved")
    with dotsbook.open(folder) as book:
        book.approve([line["id"]], by="Bob")
        book.lock([line["id"]])
    settled(page)
    told = line_with(page, "Nobody waved")
    assert told["state"] == "accepted" and told["locked"]
    assert page.post("retake", {"line": line["id"]}).status_code == 400


def test_no_change_is_lost_whoever_looked_first(folder):
    with dotsbook.open(folder) as book:
        board = book.review.board
        while not board.load():
            pass
        assert board.changes() == []
        book.retake(["1.2"])
        board.refresh()
        assert [one.number for one in book.review.signed() if not one.digest] == [1]
        assert [(line.id, line.state) for line in board.changes()] == [("1.2", "stale")]


def test_a_line_that_was_shown_without_its_state_gets_it(folder):
    with dotsbook.open(folder) as book:
        shown = book.review.lines(0, 3)
        assert all(one.line is None for one in shown)
        while not book.review.board.load():
            pass
        assert [line.place for line in book.review.board.changes()][:3] == [0, 1, 2]
        assert book.review.board.changes() == []


def test_a_changed_manuscript_is_read_again(page, folder):
    before = page.house.desk.epoch
    story = folder / "story.md"
    story.write_text(story.read_text().replace("It rained.", "It snowed."))
    assert line_with(page, "It snowed")["state"] == "new"
    assert page.house.desk.epoch > before


def test_a_mistake_in_the_manifest_is_a_sentence_and_mended_it_is_forgotten(page, folder):
    manifest = folder / "book.yaml"
    good = manifest.read_text()
    manifest.write_text(good + "colour: red\n")
    answer = page.client.get("/api/book")
    assert answer.status_code == 400 and "colour" in answer.json()["error"]["message"]
    manifest.write_text(good)
    assert page.ask("book")["title"] == "The Ferry"


def test_doubtful_lines_are_heard_and_accepted(tmp_path):
    from dotsbook.production.session import Session
    from dotsbook.render import opinions
    from dotsbook.render.opinions import KeptOpinion, Opinion, SpokenWord
    from dotsbook.studio.doorway import Doorway, Keys
    from dotsbook.studio.live import Live
    from dotsbook.studio.studio_house import StudioHouse
    from dotsbook.studio.studio_routes import studio_application
    from tests.studio.conftest import SECRETS

    folder = make(tmp_path / "doubted")
    with dotsbook.open(folder) as book:
        list(book.render())
        chunk = next(planned for planned in book.plan().chapters[0].chunks if "6:30" in planned.chunk.text)
        spoken = chunk.chunk.spoken
    words = tuple(
        SpokenWord(
            found.start(),
            found.end(),
            0.3 * at,
            0.3 * at + 0.2,
            *(("sick", 0.9) if found[0] == "six" else (found[0],)),
        )
        for at, found in enumerate(re.finditer(r"\w+", spoken))
    )
    with Session(folder) as session, session.writing() as ledger:
        said = Opinion(0.1, ("“six” is heard as “sick”",), words=words)
        opinions.keep(ledger, [KeptOpinion(chunk.key, "words", "1", said)])
    house = StudioHouse(folder / "book.yaml")
    live = Live(house)
    page = Page(Doorway(studio_application(house, live), Keys("dotsbook-test", SECRETS)))
    page.house = house
    settled(page)
    told = page.ask("doubtful")
    assert [line["id"] for line in told["lines"]] == [chunk.chunk.id]
    story = page.ask("line", line=chunk.chunk.id)
    [take] = story["takes"]
    assert "sick" in take["reasons"][0]
    [six] = [word for word in story["words"] if word[5]]
    assert story["text"][six[0] : six[1]] == "6:30." and "sick" in six[4]
    page.wish("accept", lines=[chunk.chunk.id])
    settled(page)
    assert page.ask("doubtful")["count"] == 0
    live.close()
    house.close()


def test_a_name_is_respelled_where_it_stands(page, folder):
    told = page.ask("places", word="Nobody", say="No buddy")
    assert told["count"] == 2 and told["audio_seconds"] > 0
    assert all("No buddy" in place["spoken"] for place in told["places"])
    assert page.wish("write-entry", word="Nobody", say="No buddy") == {"file": "lexicon.yaml"}
    assert "lexicon: " in (folder / "book.yaml").read_text()
    changed = [line for line in lines(page) if "Nobody" in line["text"]]
    assert all(line["state"] == "new" and "No buddy" in line["spoken"] for line in changed)
    assert page.ask("places", word="Nobody")["said_now"] == "No buddy"
    page.wish("write-entry", word="Nobody", say=None)
    assert all(line["state"] == "made" for line in lines(page)), "the takes were kept"


def test_one_line_is_spoken_otherwise_and_again_as_written(page, folder):
    line = line_with(page, "It rained")
    page.wish("say-instead", line=line["id"], text="It poured.")
    told = line_with(page, "It rained")
    assert told["spoken"] == "It poured." and told["state"] == "new"
    assert "poured" in (folder / "spoken.yaml").read_text()
    page.wish("say-instead", line=line["id"], text=None)
    told = line_with(page, "It rained")
    assert told["spoken"] == line["spoken"] and told["state"] == "made"


def test_a_line_is_written_otherwise_in_the_manuscript(page, folder):
    line = line_with(page, "They ran")
    told = page.ask("source-line", line=line["id"])
    assert told["file"] == "story.md" and told["text"] == line["text"]
    new = told["text"].replace("ran", "walked")
    page.wish("rewrite", line=line["id"], text=new, before=told["text"])
    assert "They walked over" in (folder / "story.md").read_text()
    assert line_with(page, "They walked")["state"] == "new"
    wrong = page.post("rewrite", {"line": line["id"], "text": "They ran.\n\nThey fell.", "before": new})
    assert wrong.status_code == 400 and "more of the book" in wrong.json()["error"]["message"]
    assert page.post("rewrite", {"line": line["id"], "text": "x", "before": "y"}).status_code == 400


def test_words_are_tried_without_a_take(page):
    line = line_with(page, "Nobody waved")
    told = page.wish("try-text", line=line["id"], text="No buddy waved.")
    sound = page.client.get(told["sound"])
    assert sound.status_code == 200 and sound.content[:4] == b"fLaC"
    assert len(page.ask("line", line=line["id"])["takes"]) == 1


def test_the_cast_is_told_and_given_voices(page, folder):
    told = page.ask("cast")
    [mara] = [person for person in told["people"] if person["name"] == "Mara"]
    assert mara["voice"] == "mara"
    assert page.wish("assign", name="Mara", voice="narrator") == {"file": "book.yaml"}
    assert line_with(page, "Not tonight")["voice"] == "narrator"
    assert page.post("assign", {"name": "Mara", "voice": "ghost"}).status_code == 400
    sound = page.wish("hear", voice="mara")
    assert page.client.get(sound["sound"]).status_code == 200


def wav(seconds: float, rate: int = 24_000) -> bytes:
    """Something like speech: bursts of a tone."""
    time = np.arange(round(seconds * rate)) / rate
    sound = 0.05 * np.sin(2 * np.pi * 180 * time) * (np.sin(2 * np.pi * 3 * time) > -0.4)
    data = io.BytesIO()
    soundfile.write(data, sound.astype("float32"), rate, "PCM_16", format="WAV")
    return data.getvalue()


def test_a_recording_is_kept_chosen_and_levelled(page, folder):
    line = line_with(page, "Nobody waved")
    answer = page.sound("punch-in", wav(1.2), line=line["id"], by="Ann")
    assert answer.status_code == 200, answer.text
    settled(page)
    story = page.ask("line", line=line["id"])
    first, mine = story["takes"]
    assert mine["recorded"] and mine["stands"] and mine["chosen"]
    assert abs(mine["loudness"] - first["loudness"]) < 1.0
    with dotsbook.open(folder) as book:
        assert book.verify().faults == 0 and book.sweep().files == ()
        assert list(book.render())[-1].outcome is None, "nothing is to be rendered"
    page.wish("undo", by="Ann")
    assert page.ask("line", line=line["id"])["takes"][0]["stands"]


@pytest.mark.parametrize("data", [b"", b"RIFF", b"not a sound at all" * 100, wav(0.05), wav(130.0, 8000)])
def test_what_is_no_recording_of_a_line_is_refused(page, data):
    answer = page.sound("punch-in", data, line=line_with(page, "Nobody waved")["id"])
    assert answer.status_code == 400 and answer.json()["error"]["message"]


def test_chapters_are_signed_and_only_signed_ones_assembled(page, folder):
    page.wish("assemble", formats=["mp3"], signed=True)
    told = page.wait("assemble")
    assert told["state"] == "failed" and "Not signed yet: chapter 1" in told["said"][-1]
    for chapter in page.ask("signed")["chapters"]:
        for hearing in ("accuracy", "performance"):
            page.wish("sign", chapter=chapter["number"], hearing=hearing, by="Ann")
    page.wish("assemble", formats=["mp3"], signed=True)
    told = page.wait("assemble")
    assert told["state"] == "done" and told["made"][0]["proved"]
    names = [file["name"] for file in page.ask("files")["files"]]
    assert any(name.endswith(".mp3") for name in names)
    played = next(name for name in names if name.endswith(".mp3"))
    assert page.client.get("/sound/finished", params={"name": played}).status_code == 200
    line = line_with(page, "Nobody waved")
    page.wish("retake", line=line["id"])
    settled(page)
    assert page.ask("signed")["chapters"][0] == {"number": 1, "complete": False, "signed": {}}
    page.wish("render")
    page.wait("render")
    assert page.ask("signed")["chapters"][0]["signed"] == {}, "another take ends the signatures"
    assert len(page.ask("signed")["chapters"][1]["signed"]) == 2


def test_a_render_is_stopped_and_goes_on(page, folder):
    story = folder / "story.md"
    story.write_text(
        story.read_text()
        + "\n## Three\n\n"
        + " ".join(f"Line {n} is long enough to take a while." for n in range(200))
    )
    page.wish("render", first=3)
    page.wish("stop", kind="render")
    told = page.wait("render")
    assert told["state"] in ("stopped", "done")
    assert page.post("render", {"until": "soon"}).status_code == 422


def test_scripts_in_a_book_stay_text(tmp_path, house, app):
    story = (
        "# <script>alert(1)</script>\n\n## </script><img src=x onerror=alert(2)>\n\n"
        'He said <b onclick="alert(3)">no</b> & left.\n'
    )
    folder = make(tmp_path / "evil", story, MANIFEST.replace("The Ferry", "<script>alert(0)</script>"))
    from dotsbook.studio.studio_house import StudioHouse

    other = StudioHouse(folder / "book.yaml")
    told = other.desk.do(
        lambda book: json.dumps([line.record() for line in book.review.lines(0, 50)])
    ).result()
    other.close()
    assert "left" in told
    answer = Page(app).client.get("/")
    assert "alert" not in answer.text and answer.headers["content-type"].startswith("text/html")


def test_the_pages_own_files_are_all_there_and_ask_nobody_else(app):
    from dotsbook.studio.studio_routes import client_files

    files = client_files()
    assert {"index.html", "main.js", "studio.css", "views/listen.js"} <= set(files)
    for name, data in files.items():
        text = data.decode()
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "") and "https://" not in text, (
            name
        )
        assert "innerHTML" not in text and "eval(" not in text and "insertAdjacentHTML" not in text, name


def test_all_that_nobody_doubts_is_accepted_at_once_and_taken_back_at_once(page):
    told = {line["id"]: line["state"] for line in page.ask("lines")["lines"]}
    made = [name for name, state in told.items() if state == "made"]
    assert page.wish("accept-all", by="Ann") == {"lines": len(made)} and len(made) > 2
    settled(page)
    assert {line["state"] for line in page.ask("lines")["lines"] if line["id"] in made} == {"accepted"}
    page.wish("undo", by="Ann")
    settled(page)
    assert {line["id"]: line["state"] for line in page.ask("lines")["lines"]} == told


def test_a_large_book_answers_as_it_was_until_it_is_read_again(page, folder, monkeypatch):
    monkeypatch.setattr(book_room, "SMALL", 0)
    monkeypatch.setattr(book_room, "PATIENCE", 0.0)
    go_on = threading.Event()
    slow = ScriptWriter.chapter
    monkeypatch.setattr(ScriptWriter, "chapter", lambda *asked: go_on.wait(30) and slow(*asked))
    line, epoch = line_with(page, "It rained."), page.house.desk.epoch
    story = folder / "story.md"
    story.write_text(story.read_text().replace("It rained.", "It snowed."))
    assert line_with(page, "It rained.")["key"] == line["key"]
    assert page.house.desk.reading is not None and page.house.desk.epoch == epoch
    page.wish("note", line=line["id"], text="heard while it is read")
    go_on.set()
    page.house.desk.coming.wait(30)
    assert line_with(page, "It snowed.")["state"] == "new"
    assert page.house.desk.reading is None and page.house.desk.epoch > epoch


def test_a_run_of_lines_is_given_to_one_person(page, folder):
    said = [
        '"Who goes there?" said Ann.',
        '"Nobody," said Bob.',
        '"Come in," said Ann.',
        '"I will," said Bob.',
    ]
    (folder / "story.md").write_text("\n\n".join(["# The Ferry", *said]))
    manifest = folder / "book.yaml"
    manifest.write_text(manifest.read_text() + "casting: {threshold: 0.7}\n")
    told = lines(page)
    first, last = (next(one["id"] for one in told if text in one["text"]) for text in ("Nobody", "I will"))
    run = f"{first}-{last}"
    assert [one["name"] for one in page.ask("cast-run", lines=run)["lines"]] == ["Bob", "Ann", "Bob"]
    assert page.wish("decide", lines=run, name="Ann") == {"lines": 3}
    assert {one["name"] for one in page.ask("cast-run", lines=run)["lines"]} == {"Ann"}
    assert page.ask("cast-doubtful") == {"count": 0, "lines": []}
    assert page.client.get("/api/cast-run", params={"lines": "../1"}).status_code == 422
