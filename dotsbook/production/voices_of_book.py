"""The voices of a book, as its public door has them: listed, enrolled, designed, heard, removed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.production.book_voices import Enrolled, ListedVoice
    from dotsbook.production.voice_design import Design


class BookVoices:
    """The voices of a book."""

    def __init__(self, session: Session):
        self.session = session

    def list(self, *, heard: bool = True) -> "Iterable[ListedVoice]":
        """Each voice: whom it speaks, its reference, whether it is fit. heard: hear the references and ask the engines."""
        from dotsbook.production.book_voices import list_voices

        return list_voices(self.session, heard)

    def add(
        self,
        name: str,
        reference: str | Path,
        consent: str,
        transcript: str = "",
        language: str | None = None,
        *,
        may_cut: bool = False,
        enhance: bool = False,
        emotion: str = "",
    ) -> "Enrolled":
        """Check a recording and enrol it in book.yaml. reference: a sound file, or a `.dtprofile` folder; consent: who
        allowed it, and when; enhance: take its noise out; emotion: it is another recording of a voice that is there. Raises
        VoiceError, ModelError.

        The book must be opened again to speak in it.
        """
        from dotsbook.production.book_voices import enrol

        project = self.session.project
        if emotion:
            from dotsbook.production.emotion_references import enrol_emotion

            return enrol_emotion(project, name, emotion, Path(reference), transcript, may_cut, enhance)
        return enrol(project, name, Path(reference), consent, transcript, language, may_cut, enhance)

    def design(self, name: str, description: str, **wishes: Any) -> "Design":
        """Candidates for a voice, spoken by an engine that makes one of a description: "an old sailor, slow, gravelly".

        wishes: text (what they speak; lines of the book without it), language, engine, model, options, count, seed. Raises
        VoiceError, ModelError.
        """
        from dotsbook.production.voice_design import Wish, design

        return design(self.session, Wish(name, description, **wishes))

    def choose(self, name: str, number: int) -> "Enrolled":
        """Keep a candidate of `design` in book.yaml as a recording that engines clone from. Raises VoiceError."""
        from dotsbook.production.voice_design import choose

        return choose(self.session, name, number)

    def say(
        self, name: str, text: str, out: str | Path, language: str | None = None, seed: int | None = None
    ) -> float:
        """Speak a line in a voice, as FLAC in `out`; its seconds. Without a seed it sounds as a first take would."""
        manifest = self.session.project.manifest
        self.session.project.voice(name)
        return self.session.audition(text, name, language or manifest.language, Path(out), seed=seed)

    def remove(self, name: str) -> str | None:
        """Take a voice out of book.yaml; its recording, which stays. Raises VoiceError if it is cast."""
        from dotsbook.production.book_voices import take_out

        return take_out(self.session.project, name)
