"""espeak-ng in a process of its own: requests in at stdin, PCM out at stdout. It knows nothing of dotsbook.

    worker LIBRARY DATA            the shared library, and the folder that holds espeak-ng-data

Frames, all integers little-endian. In: length (uint32), then JSON: {text, voice, rate, pitch} to hear a text, {text,
voice, tie} to have its phonemes, `tie` between the letters of one. Out: state (uint8), length (uint32), then bytes:
HELLO and JSON {version, rate, voices}, SOUND and 16 bit mono PCM, PHONEMES and JSON [[phonemes in IPA, the text they
are of], …], a pair for each clause as espeak-ng cuts them, or FAULT and a sentence in UTF-8.

espeak-ng keeps state from one call to the next, so that the same sentence never comes out the same twice. Every
request is therefore spoken by a fork of the fresh process (2 ms), which also takes a crash of the library with it.
The library is under the GPL: it is never loaded by any other process than this one.
"""

import ctypes
import json
import mmap
import os
import signal
import struct
import sys

HELLO, SOUND, FAULT, PHONEMES = 0, 1, 2, 3
SYNCHRONOUS, DONT_EXIT, UTF8 = 2, 0x8000, 1  # speak_lib.h: audio output, options, text flags
IPA, TIED = 2, 0x80  # speak_lib.h: phoneme_mode; a character in bits 8 … 23 ties letters
BUFFER = 2000  # milliseconds of sound a callback
RATE, VOLUME, PITCH = 1, 2, 3  # speak_lib.h: espeak_PARAMETER
LOUDNESS = 60  # percent: at 100 a third of the variants clip
Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class VoiceRecord(ctypes.Structure):
    """The head of espeak_VOICE; what follows `identifier` isn't read."""

    _fields_ = [("name", ctypes.c_char_p), ("languages", ctypes.c_void_p), ("identifier", ctypes.c_char_p)]


class Espeak:
    """The library, initialised once; `voices` maps each language code, in lower case, to the voice that speaks it."""

    def __init__(self, library: str, data: str):
        self.library = ctypes.CDLL(library)
        self.rate = self.library.espeak_Initialize(SYNCHRONOUS, BUFFER, data.encode(), DONT_EXIT)
        if self.rate <= 0:
            raise OSError(f"espeak-ng found no voices in {data}")
        self.pieces: list[bytes] = []
        self.callback = Callback(self.collect)  # kept: the library holds only its address
        self.library.espeak_SetSynthCallback(self.callback)
        self.voices = self.list_voices()

    @property
    def version(self) -> str:
        self.library.espeak_Info.restype = ctypes.c_char_p
        return self.library.espeak_Info(None).decode().split()[0]

    def collect(self, samples: int, count: int, _events: int) -> int:
        if samples and count > 0:
            self.pieces.append(ctypes.string_at(samples, 2 * count))
        return 0

    def list_voices(self) -> dict[str, str]:
        self.library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(VoiceRecord))
        records = self.library.espeak_ListVoices(None)
        found: dict[str, str] = {}
        names: list[str] = []
        for record in records:
            if not record:
                break
            name = record.contents.identifier.decode().rpartition("/")[2].lower()
            names.append(name)
            for code in codes(record.contents.languages):
                found.setdefault(code.lower(), name)
        return found | {name: name for name in names}

    def choose(self, voice: str) -> None:
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise OSError(f"espeak-ng has no voice {voice!r}")

    def phonemes(self, text: str, voice: str, tie: str) -> list[tuple[str, str]]:
        """(phonemes in IPA, text) of each clause. OSError when the library has no such voice."""
        self.choose(voice)
        read = self.library.espeak_TextToPhonemes
        read.restype = ctypes.c_char_p
        mode = IPA | (TIED | ord(tie) << 8 if tie else 0)
        data = text.replace("\0", " ").encode()
        held = ctypes.create_string_buffer(data)
        start = ctypes.addressof(held)
        place = ctypes.c_void_p(start)
        found, begun = [], 0
        while place.value:
            ipa = read(ctypes.byref(place), UTF8, mode)
            ended = len(data)
            if place.value:  # a clause ends before the last character read, which tells that it ended
                ended = begun + len(data[begun : place.value - start].decode(errors="ignore")[:-1].encode())
            found.append(((ipa or b"").decode(), data[begun:ended].decode(errors="ignore")))
            begun = ended
        return found

    def speak(self, text: str, voice: str, rate: int, pitch: int) -> bytes:
        """16 bit PCM of `text`; OSError when the library refuses."""
        self.pieces.clear()
        self.choose(voice)
        self.library.espeak_SetParameter(VOLUME, LOUDNESS, 0)
        self.library.espeak_SetParameter(RATE, rate, 0)
        self.library.espeak_SetParameter(PITCH, pitch, 0)
        data = text.replace("\0", " ").encode() + b"\0"
        if self.library.espeak_Synth(data, len(data), 0, 1, 0, UTF8, None, None) != 0:
            raise OSError("espeak-ng refused the text")
        return b"".join(self.pieces)


def codes(address: int):
    """The language codes of a voice: a priority byte and a C string each, ended by a zero byte."""
    while ctypes.string_at(address, 1) != b"\0":
        code = ctypes.string_at(address + 1)
        yield code.decode()
        address += len(code) + 2


def send(pipe: int, state: int, data: bytes) -> None:
    whole = memoryview(struct.pack("<BI", state, len(data)) + data)
    while whole:
        whole = whole[os.write(pipe, whole) :]


def receive(pipe) -> dict | None:
    head = pipe.read(4)
    if len(head) < 4:
        return None
    body = pipe.read(struct.unpack("<I", head)[0])
    return json.loads(body)


def answer(espeak: Espeak, request: dict, pipe: int, begun: mmap.mmap) -> None:
    """Speak a request in a fork. A crash before its first byte is a FAULT; one after it ends the worker."""
    begun[0] = 0
    child = os.fork()
    if child == 0:
        try:
            if "rate" in request:
                state, data = SOUND, espeak.speak(**request)
            else:
                state, data = PHONEMES, json.dumps(espeak.phonemes(**request)).encode()
        except OSError as error:
            state, data = FAULT, str(error).encode()
        begun[0] = 1
        send(pipe, state, data)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != 0 and begun[0]:
        sys.exit(f"a reply broke off ({status})")
    if status != 0:
        send(pipe, FAULT, f"espeak-ng crashed over this text ({status})".encode())


def main(library: str, data: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer; we end with its pipe
    pipe = os.dup(1)
    os.dup2(2, 1)  # whatever the library prints stays out of the frames
    try:
        espeak = Espeak(library, data)
    except OSError as error:
        send(pipe, FAULT, str(error).encode())
        return
    send(
        pipe,
        HELLO,
        json.dumps({"version": espeak.version, "rate": espeak.rate, "voices": espeak.voices}).encode(),
    )
    begun = mmap.mmap(-1, 1)
    while (request := receive(sys.stdin.buffer)) is not None:
        answer(espeak, request, pipe, begun)


if __name__ == "__main__":
    main(*sys.argv[1:])
