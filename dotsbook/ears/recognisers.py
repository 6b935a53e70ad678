"""The recognisers there are, and which one a manifest's `ears: {recogniser: …}` means. Nothing is fetched here unasked.

a folder with model.bin          Whisper in CTranslate2 form, by faster-whisper
another folder, a name with mlx- mlx-audio's Whisper and Parakeet (Apple silicon)
another hub name                 faster-whisper's, if it was fetched before
http://…/v1#model                any server with OpenAI's /audio/transcriptions
"""

from pathlib import Path

from dotsbook.ears.recogniser import Recogniser
from dotsbook.errors import ModelError
from dotsbook.language_code import primary

USUAL = {"en": "Systran/faster-whisper-small.en"}  # by the book's language
OTHERWISE = "Systran/faster-whisper-small"


def recogniser_of(
    named: str | None, folder: Path, language: str, allow_remote: bool = False, fetch: bool = False
) -> Recogniser:
    """named: as the manifest has it; None: the usual one of the book's language. folder: what paths are relative to.
    fetch: from the hub, if it isn't here.

    Costs little: weights are loaded when something is heard. Raises ModelError for one that isn't on this machine.
    """
    named = named or USUAL.get(primary(language), OTHERWISE)
    if named.startswith(("http://", "https://")):
        from dotsbook.ears.transcription_server import TranscriptionServer

        return TranscriptionServer(named, allow_remote)
    here = (folder / named).expanduser()
    place = here if here.is_dir() else in_cache(named, fetch)
    if (place / "model.bin").is_file():
        from dotsbook.ears.faster_whisper import FasterWhisper

        return FasterWhisper(place)
    from dotsbook.ears.mlx_recogniser import MlxRecogniser

    return MlxRecogniser(place)


def in_cache(name: str, fetch: bool = False) -> Path:
    """The folder of a hub model that was fetched before, or is fetched now."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=not fetch))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"The recogniser {name} isn't on this machine: fetch it with `hf download {name}` if that is a model of the "
            "hub, or name a folder with `ears: {recogniser: …}` in book.yaml."
        ) from error
