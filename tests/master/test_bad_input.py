"""What goes wrong ends in a sentence and an exit code, and the old file stays."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from made import RATE, book, produced
from test_m4b import png

from dotsbook.book import Cover
from dotsbook.errors import EncodeError, OutputError, Unfinished
from dotsbook.files import replacing
from dotsbook.manifest import Pacing
from dotsbook.master import encode, m4b
from dotsbook.master.about import About, fit
from dotsbook.master.folder import staged
from dotsbook.master.layout import lay_out
from dotsbook.master.mastering import Settings
from dotsbook.master.output_formats import FORMATS

ABOUT = About("Book", "Writer")
SHORT = Pacing(head=0.5, tail=1.0)


@pytest.fixture
def timeline(tmp_path):
    return lay_out(book(tmp_path, 2, 2, 0.4), SHORT, RATE)


def make(timeline, folder, about=ABOUT, format="m4b"):
    return produced(timeline, format, about, Settings(workers=2), folder)


def old_file(folder):
    path = folder / "out" / "Book.m4b"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"the old book")
    return path


def untouched(path):
    return path.read_bytes() == b"the old book" and [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(path.read_bytes()[:-99]),
        lambda path: path.write_bytes(b"fLaC" + path.read_bytes()[5:]),
    ],
)
@pytest.mark.parametrize("format", ["m4b", "flac"])
def test_a_missing_or_altered_take(timeline, tmp_path, harm, format):
    path = old_file(tmp_path)
    harm(timeline.tracks[1].placements[1].voiced.file)
    with pytest.raises(Unfinished, match=r"chunk 2\.2") as caught:
        make(timeline, tmp_path, format=format)
    assert caught.value.exit_code == 3
    assert path.read_bytes() == b"the old book"
    assert not list((tmp_path / "out").rglob(".writing-*"))


def test_a_take_lost_after_its_chapter_was_encoded(timeline, tmp_path):
    make(timeline, tmp_path)
    for index in (0, 1):
        timeline.tracks[0].placements[index].voiced.file.unlink()
    with pytest.raises(Unfinished, match=r"1\.1, 1\.2 are missing"):
        make(timeline, tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a nothing", "no JPEG or PNG"),
        (b"", "no JPEG or PNG"),
        (b"\xff\xd8\xff\xe0 damaged", "damaged"),
        (png()[:60], "damaged"),
        (b"\x89PNG" + bytes(40_000_000), "40 MB"),
        (png(20, 20), "20 × 20"),
    ],
)
def test_a_cover_that_is_none(timeline, tmp_path, data, words):
    path = old_file(tmp_path)
    with pytest.raises(OutputError, match=words):
        make(timeline, tmp_path, replace(ABOUT, cover=Cover(data, "image/png")))
    assert untouched(path)


def test_a_disk_with_too_little_room_is_seen_before(timeline, tmp_path, monkeypatch):
    path = old_file(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 5000))
    for format in (name for name, one in FORMATS.items() if one.encoded):
        with pytest.raises(OutputError, match="too full"):
            make(timeline, tmp_path, format=format)
    assert untouched(path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    "codec", [encode.Codec("flac", "flac", format="s16"), encode.Codec("mp3", "libmp3lame", 64)]
)
def test_a_disk_that_fills_is_an_error_of_the_system(codec):
    import numpy as np

    noise = np.random.default_rng(1).standard_normal(RATE * 20).astype(np.float32) * 0.1
    with pytest.raises(OSError, match="No space left"):
        encode.write_stream(Path("/dev/full"), [noise], RATE, codec)


def test_a_disk_that_fills_while_the_file_is_written(timeline, tmp_path, monkeypatch):
    path = old_file(tmp_path)
    whole = m4b.write_m4b

    def full(temporary, *rest):
        whole(temporary, *rest)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(m4b, "write_m4b", full)
    with pytest.raises(OutputError, match="disk is full"):
        make(timeline, tmp_path)
    assert untouched(path)


def test_an_encoder_that_fails(timeline, tmp_path, monkeypatch):
    import av

    path = old_file(tmp_path)

    def broken(samples, rate, layout="fltp"):
        raise av.error.InvalidDataError(1, "no")
        yield

    monkeypatch.setattr(encode, "frames", broken)
    with pytest.raises(EncodeError, match="encoder failed") as caught:
        make(timeline, tmp_path)
    assert caught.value.exit_code == 3
    assert untouched(path)


def test_a_proof_that_fails_keeps_the_old_file(timeline, tmp_path, monkeypatch):
    path = old_file(tmp_path)
    real = m4b.book_packets

    def lossy(segments, store):
        packets = list(real(segments, store))
        middle = len(packets) // 4
        return iter([*packets[:middle], *[packets[2]] * (len(packets) - middle)])

    monkeypatch.setattr(m4b, "book_packets", lossy)
    with pytest.raises(EncodeError, match="takes heard in their places"):
        make(timeline, tmp_path)
    assert untouched(path)


def test_a_folder_that_cannot_be_made(timeline, tmp_path):
    (tmp_path / "out").write_text("a file")
    for format in ("m4b", "mp3", "flac"):
        with pytest.raises(OutputError):
            make(timeline, tmp_path, format=format)


@pytest.mark.parametrize("place", ["written", "synced"])
def test_a_killed_process_leaves_the_old_file(tmp_path, place):
    path = old_file(tmp_path)
    program = textwrap.dedent(f"""
        import os, signal, sys
        sys.path[:0] = [{str(Path(__file__).parent)!r}]
        from pathlib import Path
        from made import book
        from dotsbook import files
        from dotsbook.manifest import Pacing
        from dotsbook.master.about import About
        from dotsbook.master.layout import lay_out
        from dotsbook.master.mastering import Settings
        from dotsbook.master.produce import produce
        folder = Path({str(tmp_path)!r})
        timeline = lay_out(book(folder, 1, 1, 0.3), Pacing(), 48000)

        def die(name, kill=os.kill):
            if name == {place!r}:
                kill(os.getpid(), signal.SIGKILL)

        def on_progress(format, what, share):
            if what == "writing":
                files.step = die

        list(produce(timeline, ["m4b"], About("Book"), Settings(), folder / "out", folder / "cache", None, on_progress))
    """)
    done = subprocess.run([sys.executable, "-c", program], timeout=100, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert path.read_bytes() == b"the old book"


def test_what_a_killed_run_left_is_cleared_and_what_another_writes_is_not(timeline, tmp_path):
    out, stretches = tmp_path / "out", tmp_path / "cache" / "segments" / "ab"
    (out / ".writing-set").mkdir(parents=True)
    stretches.mkdir(parents=True)
    for path in (
        out / ".writing-set/a.mp3",
        out / ".writing-a.m4b",
        stretches / ".writing-b.packets",
        out / "other.txt",
    ):
        path.write_bytes(b"half")
    with replacing(out / "other.txt") as writing, staged(out / "set") as stage:
        (stage / "1.mp3").write_bytes(b"half")
        make(timeline, tmp_path)
        assert writing.exists() and (stage / "1.mp3").exists()
    assert sorted(path.name for path in out.iterdir()) == ["Book.m4b", "Book.proof.json", "other.txt"]
    assert not list(stretches.iterdir())


def test_tags_of_any_text():
    about = fit(
        About(
            "A\x00B\u2028C \ud800 " + "x" * 9000,
            "line\nbreak",
            description="<script>1</script> 2 < 3 &lt;b&gt;<br>next",
        )
    )
    assert about.title.startswith("A B C ")
    assert len(about.title) <= 4000
    assert about.author == "line break"
    assert about.description == "1 2 < 3 <b>\nnext"
