"""The prompt of an utterance as token ids. It knows the tokenizer and the fixed words around a text, no sound.

[文本] [EN] transcript, newline, text [文本对应语音] <|audio_gen_start|>    then one <|audio_gen_span|> a patch
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.language_code import subtags

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BEFORE_TEXT, BEFORE_SOUND = "[文本]", "[文本对应语音]"
START, SPAN = "<|audio_gen_start|>", "<|audio_gen_span|>"
END, TEXT_END = "<|audio_gen_end|>", "<|text_cond_end|>"  # of a sound or of a text that something follows
CANTONESE = "口音:粤语"
# ISO 639-3 and older codes of languages whose tags have two letters
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
    parts = subtags(word)
    if parts[0] == "yue" or parts[:2] == ["zh", "yue"]:
        return f"[{CANTONESE}]"
    return f"[{TWO_LETTERS.get(parts[0], parts[0]).upper()}]"


@dataclass(frozen=True)
class PromptTokens:
    """The model's tokenizer and the ids of its two control tokens."""

    tokenizer: "Tokenizer"
    start: int
    span: int

    def encode(self, text: str) -> list[int]:
        """The text's ids. A control token spelled in it is text, too."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def token(self, word: str) -> int:
        """A control token's id. ModelError if the tokenizer lacks it."""
        found = self.tokenizer.token_to_id(word)
        if found is None:
            raise ModelError(f"The model's tokenizer lacks {word}: it can't do this.")
        return found

    def ids(self, text: str, transcript: str | None, language: str | None) -> list[int]:
        """The prompt's ids, up to the first span. The tag stands before the transcript, or else before the text."""
        said = _prompt(transcript)
        body = _tagged(said, language) + text if said else _tagged(text, language)
        return [*self.encode(BEFORE_TEXT), *self.encode(body), *self.encode(BEFORE_SOUND), self.start]

    def prefix(self, transcript: str | None, language: str | None) -> list[int]:
        """What all prompts with this transcript and language begin with, but perhaps for the last ids: the tokenizer may
        join the transcript's end with the text. Compare before relying on it.
        """
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
    start, span = (tokenizer.token_to_id(word) for word in (START, SPAN))
    if start is None or span is None:
        raise ModelError(f"{path} lacks {START if start is None else SPAN}: it is not dots.tts's tokenizer.")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return PromptTokens(tokenizer, start, span)


def _prompt(transcript: str | None) -> str:
    """The transcript as it stands before the text: with a newline, or nothing."""
    stripped = (transcript or "").strip()
    return f"{stripped}\n" if stripped else ""


def _tagged(text: str, language: str | None) -> str:
    """The text after its language's tag, which isn't put twice."""
    tag = language_tag(language)
    return text if text.startswith(tag) else tag + text
