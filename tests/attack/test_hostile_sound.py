"""Recordings that lie about themselves: refused in a sentence, in bounded time and memory, the manifest untouched."""

import resource
import struct

import pytest
from ground import a_sentence


def riff(
    size: int, data: int, *, channels: int = 1, rate: int = 24000, bits: int = 16, body: bytes = b""
) -> bytes:
    """A WAV file whose header says what it likes."""
    form = struct.pack(
        "<HHIIHH",
        1,
        channels,
        rate,
        rate * channels * bits // 8 & 0xFFFFFFFF,
        channels * bits // 8 & 0xFFFF,
        bits,
    )
    return (
        b"RIFF"
        + struct.pack("<I", size)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", data)
        + body
    )


NOISE = bytes(range(256)) * 200
FILES = {
    "nothing": b"",
    "a header alone": riff(36, 0),
    "4 GB claimed": riff(2**32 - 1, 2**32 - 1, body=NOISE),
    "no channels": riff(36 + len(NOISE), len(NOISE), channels=0, body=NOISE),
    "60,000 channels": riff(36 + len(NOISE), len(NOISE), channels=60_000, body=NOISE),
    "no rate": riff(36 + len(NOISE), len(NOISE), rate=0, body=NOISE),
    "a rate of 4 GHz": riff(36 + len(NOISE), len(NOISE), rate=2**32 - 1, body=NOISE),
    "1 Hz": riff(36 + len(NOISE), len(NOISE), rate=1, body=NOISE),
    "no bits": riff(36 + len(NOISE), len(NOISE), bits=0, body=NOISE),
    "a kilobit a sample": riff(36 + len(NOISE), len(NOISE), bits=1024, body=NOISE),
    "an MP4 of 8 EB": b"\0\0\0\x01ftypisom" + b"\x7f" * 8 + b"\0\0\0\x01moov" + b"\x7f" + b"\xff" * 7 + NOISE,
    "a FLAC of a billion hours": b"fLaC\x80\0\0\x22" + b"\x10\0" * 2 + b"\xff" * 14 + b"\0" * 16 + NOISE,
    "an Ogg that ends": b"OggS\0\x02" + b"\xff" * 21 + b"\x01\x1e\x01vorbis" + b"\xff" * 22,
    "an MP3 tag of 256 MB": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + NOISE,
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a session over the network": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "random": NOISE,
}


def little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (3 * 2**30, 3 * 2**30))


@pytest.mark.parametrize("ending", ["wav", "m4a"])
@pytest.mark.parametrize("what", FILES)
def test_a_recording_that_lies(project, what, ending):
    path = project.folder / f"me.{ending}"
    path.write_bytes(FILES[what])
    before = (project.folder / "book.yaml").read_bytes()
    ended = project.run(
        "voice",
        "add",
        "new",
        "--reference",
        str(path),
        "--consent",
        "mine",
        "--project",
        "@",
        before=little_memory,
    )
    assert ended.code == 1, ended.said
    assert "me." in a_sentence(ended)
    assert (project.folder / "book.yaml").read_bytes() == before and not (project.folder / "voices").exists()


def test_a_manifest_that_names_one(project):
    (project.folder / "me.wav").write_bytes(FILES["60,000 channels"])
    manifest = project.folder / "book.yaml"
    manifest.write_text(manifest.read_text().replace("mara: {}", "mara: {reference: me.wav, consent: mine}"))
    a_sentence(project.run("voices", "@"))
    a_sentence(project.run("voice", "list", "--project", "@"))
