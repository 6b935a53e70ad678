"""SMIL: which span of a document is heard when, in which file. It knows times and ids, no audio and no markup.

Clips run from one sentence's start to the next one's, so that nothing is left out between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from dotsbook.master.cues import clock
from dotsbook.master.readalong.manuscript import link
from dotsbook.master.timeline import Placement, Track
from dotsbook.master.word_marks import word_name, written_words

ACTIVE = "-epub-media-overlay-active"


@dataclass(frozen=True, slots=True)
class OverlayClip:
    """What is heard while one span is marked."""

    document: str  # its file's name
    anchor: str  # the span's id
    audio: str  # the audio file's name
    begin: int  # ms in it
    end: int


def clips(
    track: Track, rate: int, audio: str, spans: Mapping[str, list[tuple[str, str, int]]]
) -> list[OverlayClip]:
    """A chapter's clips, without a gap from its first sample to its last.

    spans: by chunk id or `word_name`, (document, id, characters) of its spans; what has none is heard with what is before
    it.
    """
    told = [unit for placed in track.placements for unit in units(placed, spans)]
    starts = [0, *(round(begin * 1000 / rate) for begin, _ in told[1:]), track.samples * 1000 // rate]
    made = []
    for (_, name), begin, end in zip(told, starts, starts[1:], strict=False):
        parts = spans[name]
        whole, before = sum(count for *_, count in parts), 0
        for document, anchor, count in parts:
            first, last = (begin + round((end - begin) * share / whole) for share in (before, before + count))
            before += count
            if last > first:
                made.append(OverlayClip(document, anchor, audio, first, last))
    return made


def units(placed: Placement, spans: Mapping[str, list]) -> list[tuple[int, str]]:
    """(sample at which it begins, what its spans are known by) of a line's words, or of the line where they have none."""
    chunk = placed.voiced.chunk.id
    words = [
        (one.begin, name)
        for number, one in enumerate(written_words(placed))
        if spans.get(name := word_name(chunk, number))
    ]
    if words:
        begin = min(words[0][0], placed.speech[0])  # the line's first word is heard from where the line is
        return [(begin, words[0][1]), *words[1:]]
    return [(placed.speech[0], chunk)] if spans.get(chunk) else []


def smil(name: str, document: str, heard: list[OverlayClip]) -> str:
    """The overlay `name` of one document."""
    text = quoteattr(link(name, document))
    pars = []
    for number, clip in enumerate(heard, 1):
        pars.append(
            f'   <par id="p{number}"><text src={quoteattr(link(name, document) + "#" + clip.anchor)}/>'
            f"<audio src={quoteattr(link(name, clip.audio))} "
            f'clipBegin="{clock(clip.begin / 1000)}" clipEnd="{clock(clip.end / 1000)}"/></par>\n'
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n <body>\n'
        f'  <seq id="s1" epub:textref={text}>\n{"".join(pars)}  </seq>\n </body>\n</smil>\n'
    )


def milliseconds(heard: list[OverlayClip]) -> int:
    return sum(clip.end - clip.begin for clip in heard)
