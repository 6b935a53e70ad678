"""A model of mlx-audio on this machine: its folder, its config, the presets it comes with. It loads no model."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotsbook.errors import VoiceError
from dotsbook.voices.hub_files import licence_in

SNAPSHOT = re.compile(r"^models--(?P<repo>.+)$")
TABLES = (".safetensors", ".pt", ".npz", ".npy", ".bin", ".json")  # a preset's file in voices/


def folder_of(model: str | None) -> Path:
    """A folder, or where the hub's cache has REPO or REPO@REVISION. VoiceError if it isn't on this machine."""
    if not model:
        raise VoiceError(
            "`engine: mlx-audio` needs a `model:` in book.yaml: a folder, or a name on the hub such as "
            "mlx-community/Kokoro-82M-bf16."
        )
    if Path(model).is_dir():
        return Path(model)
    repo, _, revision = model.partition("@")
    missing = f"The model {model} isn't on this machine; fetch it with `hf download {repo}"
    missing += f" --revision {revision}`" if revision else "`"
    missing += ", or name its folder under `model:`."
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo, revision=revision or None, local_files_only=True))
    except HFValidationError as error:
        raise VoiceError(
            f"There is no folder {model}, and it is no name on the hub; correct `model:`."
        ) from error
    except (LocalEntryNotFoundError, OSError) as error:
        raise VoiceError(missing) from error


def revision_of(folder: Path) -> str | None:
    """REPO@COMMIT of a folder in the hub's cache; None for any other."""
    where = folder.parts[-3:]
    found = SNAPSHOT.match(where[0]) if len(where) == 3 and where[1] == "snapshots" else None
    return f"{found['repo'].replace('--', '/')}@{where[2]}" if found else None


def licence_of(folder: Path) -> str:
    """What the model's card names; "" where it names none."""
    card = folder / "README.md"
    return licence_in(card) if card.is_file() else ""


def config_of(folder: Path) -> Mapping[str, Any]:
    """The config.json. VoiceError if there is none or it is no JSON."""
    try:
        found = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise VoiceError(
            f"{folder} is no model of mlx-audio: its config.json can't be read ({error})."
        ) from error
    if not isinstance(found, dict):
        raise VoiceError(f"{folder} is no model of mlx-audio: its config.json is no object.")
    return found


def preset_names(folder: Path, config: Mapping[str, Any]) -> list[str]:
    """The voices a model brings, as far as its files tell: voices/, voices.npz, or the speakers of its config."""
    names = [file.stem for file in sorted((folder / "voices").glob("*")) if file.suffix in TABLES]
    if (folder / "voices.npz").is_file():
        names += archive_names(folder / "voices.npz")
    talker = config.get("talker_config")
    for holder, key in (
        (talker, "spk_id"),
        (config, "spk2id"),
        (config, "voice_aliases"),
        (config, "speakers"),
    ):
        found = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(found, dict | list):
            names += [name for name in found if isinstance(name, str)]
    return list(dict.fromkeys(names))


def archive_names(file: Path) -> list[str]:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    except (OSError, BadZipFile) as error:
        raise VoiceError(f"{file} can't be read ({error}); fetch the model anew.") from error
