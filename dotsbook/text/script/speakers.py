"""Which voice speaks a line: speakers of the manuscript to voices of the manifest. It knows names, not sounds."""

import difflib
from dataclasses import replace

from dotsbook.book import Mark, Paragraph, folded_name
from dotsbook.manifest import Manifest
from dotsbook.text.script.quotes import spans

FEW = 4  # speakers without a voice that are named one by one where nobody is cast
NOBODY = ("default", "narrator")  # said of what no character says


class SpeakerVoices:
    """The cast of one manifest; notes the speakers nobody is cast for."""

    def __init__(self, manifest: Manifest):
        self.default = manifest.default_voice
        self.names = {folded_name(name): name for name in manifest.cast if folded_name(name) != "default"}
        self.known = {folded: manifest.cast[name] for folded, name in self.names.items()}
        for voice in manifest.voices:
            self.known.setdefault(folded_name(voice), voice)
        self.unknown: dict[str, int] = {}

    def voice(self, speaker: str | None) -> str:
        """The voice of a speaker; the default voice for the narrator and for strangers."""
        if not speaker:
            return self.default
        voice = self.known.get(folded_name(speaker))
        if voice is None and folded_name(speaker) not in NOBODY:
            name = " ".join(speaker.split())
            self.unknown[name] = self.unknown.get(name, 0) + 1
        return voice or self.default

    def warnings(self) -> list[str]:
        """A sentence for each speaker without a voice."""
        told = []
        if len(self.unknown) > FEW and not self.names:
            named = ", ".join(list(self.unknown)[:FEW])
            return [
                f"{len(self.unknown)} speakers ({named} …) have no voice and are read by `{self.default}`; name them "
                "under `cast:`, or `reading: {speakers: spoken}` has their names read out"
            ]
        for name, count in self.unknown.items():
            near = difflib.get_close_matches(folded_name(name), self.names, 1, 0.75)
            hint = (
                f"did you mean {self.names[near[0]]}?"
                if near
                else f"add `{name}: a voice` under `cast:` to give them one."
            )
            lines = "1 passage" if count == 1 else f"{count} passages"
            told.append(f"{name} ({lines}) isn't in the cast and is read by `{self.default}`; {hint}")
        return told


def speaker_at(paragraph: Paragraph, at: int) -> str:
    """Who says what stands at a place; "" is the narrator."""
    marked = (
        mark.value for mark in paragraph.marks if mark.kind == "speaker" and mark.start <= at < mark.end
    )
    said = next(marked, paragraph.speaker or "")
    return "" if folded_name(said) in NOBODY else " ".join(said.split())


def quotes_only(paragraph: Paragraph, text: str) -> Paragraph:
    """A speaker's paragraph that opens with a quotation: the quotations are the speaker's, what stands between the narrator's.

    `text` is the source's. A speech without quotation marks, as in a play, stays whole.
    """
    if not paragraph.speaker:
        return paragraph
    said = text[paragraph.start : paragraph.end]
    first = len(said) - len(said.lstrip())
    pairs = spans(said)
    if not pairs or pairs[0][0] != first:
        return paragraph
    own, end = [], 0
    for start, closed in pairs:
        if start >= end:  # the outermost
            own.append(Mark(paragraph.start + start, paragraph.start + closed, "speaker", paragraph.speaker))
            end = closed
    return replace(paragraph, speaker=None, marks=paragraph.marks + tuple(own))
