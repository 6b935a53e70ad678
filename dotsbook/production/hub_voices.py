"""Voices on the hub: which engine has one of a name, and fetching it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotsbook.production.fetching import Allow, announced


@dataclass(frozen=True)
class PulledVoice:
    """A voice that is on this machine now."""

    name: str
    engine: str
    files: list[Path]

    @property
    def use(self) -> Mapping[str, object]:
        """What names it in a manifest, for the book or a voice."""
        return {"engine": self.engine, "options": {"voice": self.name}}


def pull_voice(name: str, allow: Allow) -> PulledVoice:
    """Fetch a voice from the hub and check its hashes; `allow` is asked first, and told size and licence. Raises
    VoiceError for a name that no engine knows, ModelError where the hub can't be asked."""
    from dotsbook.voices.catalogue import voice_on_hub
    from dotsbook.voices.hub_files import fetch_files

    spec, wanted = voice_on_hub(name)
    return PulledVoice(name, spec.name, fetch_files(wanted, announced(allow, wanted.warning)))
