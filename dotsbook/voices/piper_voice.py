"""A Piper voice on disk: where its two files lie, what its JSON says, and phonemes as its numbers. It runs no model.

A voice is `NAME.onnx` and `NAME.onnx.json` (rhasspy/piper: TRAINING.md). On the hub, `rhasspy/piper-voices` keeps
`en_US-lessac-medium` under `en/en_US/lessac/medium/`, with a MODEL_CARD that names the licence.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import VoiceError
from dotsbook.voices.hub_files import HubFiles, cached_files, licence_in

REPO = "rhasspy/piper-voices"
# a voice for a language, by the first part of its tag, where nobody says which
USUAL = {
    "ar": "ar_JO-kareem-medium",
    "ca": "ca_ES-upc_ona-medium",
    "cs": "cs_CZ-jirka-medium",
    "cy": "cy_GB-bu_tts-medium",
    "da": "da_DK-talesyntese-medium",
    "de": "de_DE-thorsten-medium",
    "el": "el_GR-rapunzelina-low",
    "en": "en_US-joe-medium",
    "es": "es_ES-davefx-medium",
    "fa": "fa_IR-amir-medium",
    "fi": "fi_FI-harri-medium",
    "fr": "fr_FR-siwis-medium",
    "hu": "hu_HU-anna-medium",
    "is": "is_IS-salka-medium",
    "it": "it_IT-paola-medium",
    "ka": "ka_GE-natia-medium",
    "kk": "kk_KZ-issai-high",
    "lb": "lb_LU-marylux-medium",
    "lv": "lv_LV-aivars-medium",
    "nb": "no_NO-talesyntese-medium",
    "ne": "ne_NP-google-medium",
    "nl": "nl_NL-mls-medium",
    "pl": "pl_PL-gosia-medium",
    "pt": "pt_BR-faber-medium",
    "ro": "ro_RO-mihai-medium",
    "ru": "ru_RU-irina-medium",
    "sk": "sk_SK-lili-medium",
    "sl": "sl_SI-artur-medium",
    "sr": "sr_RS-serbski_institut-medium",
    "sv": "sv_SE-nst-medium",
    "sw": "sw_CD-lanfrica-medium",
    "tr": "tr_TR-dfki-medium",
    "uk": "uk_UA-ukrainian_tts-medium",
    "vi": "vi_VN-vais1000-medium",
    "zh": "zh_CN-huayan-medium",
}
NAME = re.compile(r"([a-z]{2,3})_([A-Z]{2}|[A-Z][A-Za-z]+)-(\w+)-(x_low|low|medium|high)")
CARD = "MODEL_CARD"
PAD, BEGIN, END = "_", "^", "$"


@dataclass(frozen=True)
class PiperConfig:
    """What a voice's JSON says."""

    rate: int  # Hz
    espeak_voice: str  # what its phonemes were made with; "" where it reads letters
    ids: Mapping[str, tuple[int, ...]]  # numbers of a phoneme
    noise: float  # of the sound
    noise_w: float  # of the durations
    length: float  # more is slower
    speakers: Mapping[str, int]  # number by name; empty for a voice of one speaker
    count: int  # of speakers
    language: str  # BCP 47


def hub_files(name: str) -> HubFiles:
    """Where the hub keeps a voice. VoiceError for what is no voice's name."""
    found = NAME.fullmatch(name)
    if not found:
        raise VoiceError(
            f"{name!r} is no Piper voice's name; write one such as en_US-lessac-medium "
            "(https://huggingface.co/rhasspy/piper-voices lists them), or a local .onnx file under `model:`."
        )
    family, region, who, quality = found.groups()
    folder = f"{family}/{family}_{region}/{who}/{quality}"
    names = (f"{folder}/{name}.onnx", f"{folder}/{name}.onnx.json", f"{folder}/{CARD}")
    return HubFiles(REPO, names, card=names[2])


def licence_of(onnx: Path) -> str:
    """What the card beside a voice's file names; "" where there is none."""
    card = onnx.with_name(CARD)
    return licence_in(card) if card.is_file() else ""


def files_of(voice: str | None, model: str | None) -> tuple[Path, Path]:
    """(the .onnx, its .json) of a voice: a local file, or what was fetched from the hub. VoiceError if it isn't here."""
    if model:
        onnx = Path(model)
        if onnx.is_dir() and voice:
            onnx = onnx / f"{voice}.onnx"
        config = onnx.with_name(f"{onnx.name}.json")
        for file in (onnx, config):
            if not file.is_file():
                raise VoiceError(
                    f"There is no {file}; a Piper voice is a .onnx file with its .onnx.json beside it."
                )
        return onnx, config
    if not voice:
        raise VoiceError(
            "`engine: piper` needs a voice: `options: {voice: en_US-lessac-medium}`, or a local .onnx file under `model:`."
        )
    found = cached_files(hub_files(voice))
    if found is None:
        raise VoiceError(
            f"The voice {voice} isn't on this machine; fetch it with `dotsbook voice pull {voice}`."
        )
    return found[0], found[1]


def read_config(file: Path) -> PiperConfig:
    """VoiceError for a JSON that isn't a Piper voice's, or one whose text isn't read by espeak-ng or by letters."""
    try:
        data = json.loads(file.read_bytes())
        kind = data.get("phoneme_type", "espeak")
        if kind not in ("espeak", "text"):
            raise VoiceError(
                f"{file}: a voice that reads {kind!r} can't be used; choose one that reads by espeak."
            )
        inference = data.get("inference", {})
        espeak = str(data["espeak"]["voice"]) if kind == "espeak" else ""
        code = data.get("language", {}).get("code") or data.get("espeak", {}).get("voice", "")
        return PiperConfig(
            rate=int(data["audio"]["sample_rate"]),
            espeak_voice=espeak,
            ids={str(mark): tuple(map(int, numbers)) for mark, numbers in data["phoneme_id_map"].items()},
            noise=float(inference.get("noise_scale", 0.667)),
            noise_w=float(inference.get("noise_w", 0.8)),
            length=float(inference.get("length_scale", 1.0)),
            speakers={str(name): int(number) for name, number in (data.get("speaker_id_map") or {}).items()},
            count=int(data.get("num_speakers", 1)),
            language=str(code).replace("_", "-"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VoiceError(
            f"{file} isn't the JSON of a Piper voice ({type(error).__name__}: {error})."
        ) from error


def numbers_of(phonemes: str, config: PiperConfig) -> list[int]:
    """^ _ p _ p … _ $: what the model reads. Phonemes that it has no number for are left out."""
    pad = config.ids.get(PAD, (0,))
    numbers = [*config.ids.get(BEGIN, (1,))]
    known = 0
    for mark in unicodedata.normalize("NFD", phonemes):
        if mark in config.ids:
            numbers += [*pad, *config.ids[mark]]
            known += mark.isalpha()
    return [*numbers, *pad, *config.ids.get(END, (2,))] if known else []
