"""Text to the token ids a line begins with. It knows the tokenizer and the fixed words around a text, no sound.

[文本] + [EN] + transcript, newline + text + [文本对应语音] + <|audio_gen_start|>, then one span a patch
"""

from dataclasses import dataclass
from pathlib import Path

from dotsbook.errors import ModelError

BEFORE_TEXT, BEFORE_SOUND = "[文本]", "[文本对应语音]"
START, SPAN = "<|audio_gen_start|>", "<|audio_gen_span|>"
CANTONESE = "口音:粤语"
# ISO 639-3 codes and older ones of languages the model knows under two letters
TWO_LETTERS = {
    "cmn": "zh",
    "arb": "ar",
    "nob": "no",
    "nb": "no",
    "iw": "he",
    "in": "id",
    "eng": "en",
    "zho": "zh",
    "deu": "de",
    "fra": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "rus": "ru",
    "jpn": "ja",
    "kor": "ko",
}


def language_tag(language: str | None) -> str:
    """The tag for a BCP 47 code: "en-GB" → "[EN]", "yue" → "[口音:粤语]", None or "none" → ""."""
    word = (language or "").strip()
    if not word or word.lower() in ("none", "unknown", "und"):
        return ""
    if word.startswith("口音:"):
        return f"[{word}]"
    parts = word.replace("_", "-").lower().split("-")
    if parts[0] == "yue" or parts[:2] == ["zh", "yue"]:
        return f"[{CANTONESE}]"
    return f"[{TWO_LETTERS.get(parts[0], parts[0]).upper()}]"


@dataclass(frozen=True)
class PromptTokens:
    """The model's tokenizer and the ids of its fixed words."""

    tokenizer: object
    start: int
    span: int

    def encode(self, text: str) -> list[int]:
        """A text that spells a control token is text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def line(self, text: str, transcript: str | None, language: str | None) -> list[int]:
        """Ids up to the first span."""
        body = (
            _tagged(_prompt(transcript), language) + text if _prompt(transcript) else _tagged(text, language)
        )
        return [*self.encode(BEFORE_TEXT), *self.encode(body), *self.encode(BEFORE_SOUND), self.start]

    def prefix(self, transcript: str | None, language: str | None) -> list[int]:
        """What all lines with this transcript and language begin with, or nearly: compare before relying on it."""
        if not _prompt(transcript):
            return []
        return [*self.encode(BEFORE_TEXT), *self.encode(_tagged(_prompt(transcript), language))]


def load_prompt_tokens(path: Path) -> PromptTokens:
    """Read tokenizer.json. ModelError if it is not one, or lacks the control tokens."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except (ValueError, OSError) as error:
        raise ModelError(
            f"{path} is not a tokenizer that can be read ({error}). Fetch the model again."
        ) from error
    ids = [tokenizer.token_to_id(word) for word in (START, SPAN)]
    if None in ids:
        raise ModelError(f"{path} lacks {START if ids[0] is None else SPAN}: it is not dots.tts's tokenizer.")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return PromptTokens(tokenizer, *ids)


def _prompt(transcript: str | None) -> str:
    stripped = (transcript or "").strip()
    return f"{stripped}\n" if stripped else ""


def _tagged(text: str, language: str | None) -> str:
    tag = language_tag(language)
    return text if text.startswith(tag) else tag + text
