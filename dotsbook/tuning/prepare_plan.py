"""What a data set is to be made of, and how; and the clips that its sources name, each with a name of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dotsbook.tuning.clip_checks import ClipLimits, Rejection
from dotsbook.tuning.source_clip import SourceClip
from dotsbook.tuning.source_clips import source_clips


@dataclass(frozen=True)
class PreparePlan:
    """What a data set is to be made of, and how."""

    folder: Path
    sources: Sequence[Path]
    consent: str  # whose voices these are, and by whose leave
    licence: str = ""
    name: str = ""  # "": the folder's
    language: str = "en"  # BCP 47, of clips that name none; "none": no tag is put before texts
    speaker: str = ""  # of clips that name none; "": the data set's name
    held_out: float = 0.05  # share of the clips that is never trained on
    model: str | None = None  # whose rate is taken, and by which latents are made
    recogniser: str | None = None  # as in `ears:`; None: texts aren't compared with what is heard
    limits: ClipLimits = ClipLimits()


@dataclass(frozen=True)
class NamedClip:
    """A source's clip with the name it will have, or what speaks against it already."""

    id: str
    source: SourceClip
    seconds: float  # as its file says
    fault: Rejection | None = None


def named_clips(plan: PreparePlan) -> list[NamedClip]:
    from dotsbook.audio import seconds_of
    from dotsbook.tuning.clip_files import safe_name

    found: list[NamedClip] = []
    used: dict[str, str] = {}
    for source in plan.sources:
        for clip in source_clips(source):
            id_ = safe_name(clip.name or clip.audio.stem)
            fault = Rejection("unreadable", clip.fault) if clip.fault else None
            if not fault and id_.lower() in used:
                if clip.name:
                    fault = Rejection(
                        "duplicate name", f"{clip.name[:60]} is the name of {used[id_.lower()]} too"
                    )
                else:  # files of one name in several folders
                    id_ = safe_name(str(clip.audio.resolve()))
            if not fault:
                used[id_.lower()] = clip.where
            found.append(NamedClip(id_, clip, 0.0 if fault else seconds_of(clip.audio), fault))
    return found
