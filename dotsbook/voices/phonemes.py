"""Text to phonemes in IPA, by espeak-ng in its worker process. It knows no engine and no alphabet but IPA.

espeak-ng cuts a text into clauses; each comes back with its phonemes and the mark that ends it, since neural voices
are trained on phonemes with the punctuation left in.
"""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from dotsbook.errors import VoiceError
from dotsbook.voices.draft import espeak_voice
from dotsbook.voices.draft_process import FAULT, EspeakProcess
from dotsbook.voices.engine import EngineDied

MARKS = {
    **dict.fromkeys(".。．।۔…", "."),
    **dict.fromkeys("?？؟", "?"),
    **dict.fromkeys("!！", "!"),
    **dict.fromkeys(",，、،—–-", ","),
    **dict.fromkeys(";；؛", ";"),
    **dict.fromkeys(":：", ":"),
}
ENDS = frozenset(".?!")  # of a sentence
AFTER = " \t\n\r\u00a0\u3000\"'”’»›)]}」』）】"  # may stand between a mark and the end of its clause
FOREIGN = re.compile(r"\([a-z-]+\)")  # where espeak-ng changes to another language and back
# a dot that ends no sentence, where more of the text follows: initials but "I", and titles
SHORT = re.compile(r"(?<!\w)(?:(?!I)[^\W\d_]|Mrs?|Ms|Dr|St|Prof|Capt|Col|Gen|Lt|Rev)\.$")
TIES = str.maketrans("", "", "\u200d\u200c\u0361")
HANGS = 2  # deaths over one text before it counts as the text's fault


@dataclass(frozen=True)
class Clause:
    phonemes: str  # IPA with stress marks, words parted by blanks
    mark: str  # . ? ! , ; : or "" where the clause ends without one

    @property
    def ends_sentence(self) -> bool:
        return self.mark in ENDS


class Phonemiser:
    """One worker process, started at the first question; any thread may ask."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: EspeakProcess | None = None
        self.voices: dict[str, str] = {}
        self.version = ""  # espeak-ng's own, once it has been asked
        self.closed = False

    def languages(self) -> dict[str, str]:
        """{language code in lower case: espeak-ng's name of the voice}. Starts the process."""
        with self.lock:
            self.started()
            return self.voices

    def voice_for(self, language: str) -> str:
        """espeak-ng's name for the voice of a language, or for one of its own names. VoiceError if there is none."""
        found = espeak_voice(language, self.languages())
        if found is None:
            raise VoiceError(
                f"espeak-ng has no voice for {language!r}, which this voice's phonemes come from."
            )
        return found

    def clauses(self, text: str, voice: str, tie: str = "") -> list[Clause]:
        """The clauses of a text as an espeak-ng voice says them; those without a sound are left out. `tie` stands between
        the letters of one phoneme, such as those of a diphthong.

        VoiceError if there is no such voice or the text can't be read; EngineDied after `close`.
        """
        state, data = self.ask({"text": text, "voice": voice, "tie": tie})
        if state == FAULT:
            why = data.decode(errors="replace")
            raise VoiceError(f"espeak-ng finds no phonemes for {text[:40]!r}: {why}.")
        pairs = json.loads(data)
        found = [
            Clause(cleaned(ipa), mark_of(said, last=place == len(pairs)))
            for place, (ipa, said) in enumerate(pairs, 1)
        ]
        return [clause for clause in found if clause.phonemes]

    def ask(self, request: dict) -> tuple[int, bytes]:
        with self.lock:
            for attempt in range(HANGS):
                try:
                    return self.started().ask(request)
                except EngineDied:
                    self.process = None
                    if self.closed or attempt == HANGS - 1:
                        raise
            raise AssertionError("unreachable")

    def started(self) -> EspeakProcess:
        if self.closed:
            raise EngineDied("The phonemiser was closed.")
        if self.process is None:
            process = EspeakProcess()
            greeting = process.greet()
            self.voices, self.version = greeting["voices"], str(greeting["version"])
            self.process = process
        return self.process

    def close(self) -> None:
        """End the process, also over a text that hangs."""
        self.closed = True
        process, self.process = self.process, None
        if process:
            process.process.kill()
        with self.lock:
            if process:
                process.close()


def sentences_of(clauses: Sequence[Clause]) -> list[str]:
    """Clauses as sentences: phonemes, each clause's mark behind it, a blank between."""
    sentences: list[list[str]] = [[]]
    for clause in clauses:
        sentences[-1].append(clause.phonemes + clause.mark)
        if clause.ends_sentence:
            sentences.append([])
    return [" ".join(sentence) for sentence in sentences if sentence]


def cleaned(ipa: str) -> str:
    return " ".join(FOREIGN.sub("", ipa).translate(TIES).split())


def mark_of(said: str, last: bool = True) -> str:
    """The mark that ends a clause's text; "" for the dot of an abbreviation, unless nothing follows."""
    said = said.rstrip(AFTER)
    return "" if not last and SHORT.search(said) else MARKS.get(said[-1:], "")
