"""All that the studio holds while it runs: the book three times over, the work that goes on, what was spoken.

Each is asked on a thread of its own: at the desk what is known and wanted of lines, in the voice's room what is to be
spoken, at the shelf the takes' sound, so that a book is heard on while the desk reads it again.
"""

import secrets
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

from dotsbook.errors import DotsbookError
from dotsbook.production.production import Production
from dotsbook.studio.book_room import BookRoom
from dotsbook.studio.tasks import Tasks

KEPT = 64  # sounds that were spoken to be tried


class StudioHouse:
    """Close it."""

    def __init__(self, path: Path, memory: float | None = None, cluster: str | None = None):
        """cluster: whose workers render and check; what is tried is spoken here."""
        self.path, self.cluster = path, cluster
        self.rooms = {name: BookRoom(path, memory, name == "desk") for name in ("desk", "voice", "shelf")}
        self.desk, self.voice, self.shelf = self.rooms.values()
        self.tasks = Tasks(path, memory)
        self.said: OrderedDict[str, bytes] = OrderedDict()
        self.lock = threading.Lock()

    def keep_sound(self, data: bytes) -> str:
        """Keep a sound for a while; its name."""
        name = secrets.token_hex(8)
        with self.lock:
            self.said[name] = data
            while len(self.said) > KEPT:
                self.said.popitem(last=False)
        return name

    def spoken(self, book: Production, voice: str, text: str, language: str | None = None) -> dict:
        """A text in a voice of the book, to be tried: where its sound is, and how long."""
        self.require_rest()
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "said.flac"
            seconds = book.voices.say(voice, text, target, language)
            return {"sound": self.sound_at(target), "seconds": seconds}

    def require_rest(self) -> None:
        """Raise DotsbookError while a render has the engine."""
        if self.tasks.running("render"):
            raise DotsbookError("The engine is at work: try this when the render has ended, or stop it.")

    def sound_at(self, path: Path) -> str:
        """Keep the sound of a file for a while; the address it is heard at."""
        return f"/sound/said?name={self.keep_sound(path.read_bytes())}"

    def rest_voice(self) -> None:
        """Let go of the engine that tries things, so that a render has the memory."""
        self.voice.thread.submit(self.voice.let_go)

    def close(self) -> None:
        self.tasks.close()
        for room in self.rooms.values():
            room.close()
