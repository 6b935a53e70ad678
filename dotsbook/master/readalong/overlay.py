"""SMIL: which span of a document is heard when, in which file. It knows times and ids, no audio and no markup.

Clips run from one sentence's start to the next one's, so that nothing is left out between them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from dotsbook.master.cues import clock
from dotsbook.master.readalong.manuscript import link
from dotsbook.master.timeline import Track

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

    spans: by chunk id, (document, id, characters) of its spans; a chunk that has none is heard with the one before it.
    """
    told = [placed for placed in track.placements if spans.get(placed.voiced.chunk.id)]
    starts = [
        0,
        *(round(placed.speech[0] * 1000 / rate) for placed in told[1:]),
        track.samples * 1000 // rate,
    ]
    made = []
    for placed, begin, end in zip(told, starts, starts[1:], strict=False):
        parts = spans[placed.voiced.chunk.id]
        whole, before = sum(count for *_, count in parts), 0
        for document, anchor, count in parts:
            first, last = (begin + round((end - begin) * share / whole) for share in (before, before + count))
            before += count
            if last > first:
                made.append(OverlayClip(document, anchor, audio, first, last))
    return made


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
