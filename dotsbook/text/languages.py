"""What languages are called and written in: codes, names, scripts, the model's tags. It knows no text's meaning.

A language is named in BCP 47 (`en`, `pt-BR`, `zh-Hant`, `yue`) everywhere in the program; people may write its
name, in English or in its own language.
"""

import difflib
import re
from functools import lru_cache

from dotsbook.errors import ManifestError
from dotsbook.language_code import primary

# code: (the model's tag, names it is known by). The 24 languages dots.tts was trained on.
SPOKEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "ar": ("AR", ("Arabic", "العربية", "arab")),
    "cs": ("CS", ("Czech", "čeština", "česky")),
    "de": ("DE", ("German", "Deutsch")),
    "el": ("EL", ("Greek", "Ελληνικά")),
    "en": ("EN", ("English",)),
    "es": ("ES", ("Spanish", "Español", "Castilian", "castellano")),
    "fi": ("FI", ("Finnish", "suomi")),
    "fr": ("FR", ("French", "Français")),
    "hi": ("HI", ("Hindi", "हिन्दी", "हिंदी")),
    "id": ("ID", ("Indonesian", "Bahasa Indonesia")),
    "it": ("IT", ("Italian", "Italiano")),
    "ja": ("JA", ("Japanese", "日本語")),
    "ko": ("KO", ("Korean", "한국어")),
    "nl": ("NL", ("Dutch", "Nederlands", "Flemish")),
    "pl": ("PL", ("Polish", "polski")),
    "pt": ("PT", ("Portuguese", "Português")),
    "ro": ("RO", ("Romanian", "Română")),
    "ru": ("RU", ("Russian", "Русский")),
    "th": ("TH", ("Thai", "ไทย", "ภาษาไทย")),
    "tr": ("TR", ("Turkish", "Türkçe")),
    "uk": ("UK", ("Ukrainian", "Українська")),
    "vi": ("VI", ("Vietnamese", "Tiếng Việt")),
    "zh": ("ZH", ("Chinese", "Mandarin", "中文", "汉语", "漢語", "普通话", "普通話", "國語")),
    "yue": ("口音:粤语", ("Cantonese", "粤语", "粵語", "廣東話", "广东话")),
}

# Others a book may be in; the draft voice speaks most of them, the model none by name.
OTHERS: dict[str, tuple[str, ...]] = {
    "af": ("Afrikaans",),
    "am": ("Amharic", "አማርኛ"),
    "be": ("Belarusian", "Беларуская"),
    "bg": ("Bulgarian", "Български"),
    "bn": ("Bengali", "বাংলা"),
    "ca": ("Catalan", "català"),
    "cy": ("Welsh", "Cymraeg"),
    "da": ("Danish", "dansk"),
    "eo": ("Esperanto",),
    "et": ("Estonian", "eesti"),
    "eu": ("Basque", "euskara"),
    "fa": ("Persian", "Farsi", "فارسی"),
    "ga": ("Irish", "Gaeilge"),
    "gd": ("Scottish Gaelic", "Gàidhlig"),
    "gl": ("Galician", "galego"),
    "grc": ("Ancient Greek",),
    "gu": ("Gujarati", "ગુજરાતી"),
    "he": ("Hebrew", "עברית"),
    "hr": ("Croatian", "hrvatski"),
    "hu": ("Hungarian", "magyar"),
    "hy": ("Armenian", "Հայերեն"),
    "is": ("Icelandic", "íslenska"),
    "ka": ("Georgian", "ქართული"),
    "kk": ("Kazakh", "Қазақша"),
    "km": ("Khmer", "ខ្មែរ"),
    "kn": ("Kannada", "ಕನ್ನಡ"),
    "la": ("Latin", "Latina"),
    "lo": ("Lao", "ລາວ"),
    "lt": ("Lithuanian", "lietuvių"),
    "lv": ("Latvian", "latviešu"),
    "mk": ("Macedonian", "Македонски"),
    "ml": ("Malayalam", "മലയാളം"),
    "mr": ("Marathi", "मराठी"),
    "ms": ("Malay", "Bahasa Melayu"),
    "my": ("Burmese", "မြန်မာ"),
    "nb": ("Norwegian Bokmål", "bokmål"),
    "ne": ("Nepali", "नेपाली"),
    "nn": ("Norwegian Nynorsk", "nynorsk"),
    "no": ("Norwegian", "norsk"),
    "pa": ("Punjabi", "ਪੰਜਾਬੀ"),
    "sa": ("Sanskrit", "संस्कृतम्"),
    "sk": ("Slovak", "slovenčina"),
    "sl": ("Slovenian", "slovenščina"),
    "sq": ("Albanian", "shqip"),
    "sr": ("Serbian", "Српски", "srpski"),
    "sv": ("Swedish", "svenska"),
    "sw": ("Swahili", "Kiswahili"),
    "ta": ("Tamil", "தமிழ்"),
    "te": ("Telugu", "తెలుగు"),
    "tl": ("Tagalog", "Filipino"),
    "ur": ("Urdu", "اردو"),
    "yi": ("Yiddish", "ייִדיש"),
}

# Three-letter and outdated codes → what BCP 47 wants.
ALIASES = {
    "ara": "ar",
    "ces": "cs",
    "cze": "cs",
    "deu": "de",
    "ger": "de",
    "ell": "el",
    "gre": "el",
    "eng": "en",
    "spa": "es",
    "fin": "fi",
    "fra": "fr",
    "fre": "fr",
    "hin": "hi",
    "ind": "id",
    "in": "id",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "nld": "nl",
    "dut": "nl",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "rum": "ro",
    "mo": "ro",
    "rus": "ru",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "vie": "vi",
    "zho": "zh",
    "chi": "zh",
    "cmn": "zh",
    "lat": "la",
    "heb": "he",
    "iw": "he",
    "dan": "da",
    "swe": "sv",
    "nor": "no",
    "hun": "hu",
    "jp": "ja",
    "cn": "zh",
    "kr": "ko",
    "ua": "uk",
    "gr": "el",
    "cz": "cs",
}

SCRIPTS = (  # (name, a character class)
    (
        "han",
        "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
    ),
    ("kana", "\u3041-\u3096\u309d-\u30ff\u31f0-\u31ff\uff66-\uff9d"),
    ("hangul", "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"),
    (
        "thai",
        "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1780-\u17d3\u1000-\u104f",
    ),  # and Lao, Khmer, Burmese: no spaces between words
    (
        "arabic",
        "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    ),
    ("hebrew", "\u0591-\u05f4\ufb1d-\ufb4f"),
    ("indic", "\u0900-\u0963\u0970-\u0d7f"),
    ("cyrillic", "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    (
        "latin",
        "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u1e00-\u1eff\ua720-\ua7ff\ufb00-\ufb06",
    ),
)
LETTERS = tuple((name, re.compile(f"[{span}]+")) for name, span in SCRIPTS)
NOT_PLAIN = re.compile("[^\\s!-~\u00a0-\u024f\u2000-\u206f]")
SPACELESS = frozenset({"han", "kana", "thai"})
CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
SURE, CLEAR = (
    0.45,
    4.0,
)  # a detection is believed from this confidence on, if the next best has no more than a fourth of it
ENOUGH = 25  # letters a phrase needs before its language is guessed at


def names() -> dict[str, str]:
    """{name, folded: code} of every language known here."""
    table = {name.casefold(): code for code, (_, known) in SPOKEN.items() for name in known}
    return table | {name.casefold(): code for code, known in OTHERS.items() for name in known}


def canonical(said: str) -> str:
    """BCP 47 for what a person or a book calls a language; ManifestError if it's nothing known."""
    word = said.strip()
    code = names().get(word.casefold())
    if code:
        return code
    if CODE.match(word):
        first, *rest = word.replace("_", "-").split("-")
        first = ALIASES.get(first.lower(), first.lower())
        if first == "zh" and "yue" in (part.lower() for part in rest):
            return "yue"
        return "-".join([first, *(cased(part) for part in rest)])
    near = difflib.get_close_matches(word.casefold(), names(), 1, 0.6)
    hint = f"did you mean {near[0].title()}?" if near else "write a code such as en, de or zh."
    raise ManifestError(f"{said!r} isn't a language that is known here; {hint}")


def cased(part: str) -> str:
    """A subtag as BCP 47 writes it: Hant, BR, 419."""
    if len(part) == 4:
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


@lru_cache(maxsize=256)
def base(code: str) -> str:
    """The language alone: `pt-BR` → `pt`, `zh-HK` → `zh`."""
    first = primary(code)
    return ALIASES.get(first, first)


def tag(code: str) -> str | None:
    """The model's own tag, without brackets (`EN`; Cantonese is `口音:粤语`); None for one it never learned."""
    known = SPOKEN.get(base(canonical(code)))
    return known[0] if known else None


def name(code: str) -> str:
    """What a language is called in English; its code if that isn't known."""
    first = base(code)
    if first in SPOKEN:
        return SPOKEN[first][1][0]
    return OTHERS.get(first, (code,))[0]


def script(text: str) -> str:
    """The script most of a text is in: latin, cyrillic, greek, han, kana, hangul, thai, arabic, hebrew, indic.

    Text with any kana worth the name is Japanese, so `kana` wins from a tenth of the letters on; and a character
    of Chinese says as much as four letters, so `han` wins from a quarter on.
    """
    if not NOT_PLAIN.search(text):
        return "latin"
    counts = {name: sum(map(len, letters.findall(text))) for name, letters in LETTERS}
    letters = sum(counts.values())
    if counts["kana"] * 10 > letters:
        return "kana"
    if counts["han"] * 4 > letters:
        return "han"
    most = max(counts, key=counts.__getitem__)
    return most if counts[most] else "latin"


def detector():
    """A function (text) -> BCP 47 or None, by lingua; ManifestError if it isn't installed."""
    try:
        from lingua import LanguageDetectorBuilder
    except ImportError as error:
        raise ManifestError(
            "`reading.detect` needs an extra: `pip install 'dotsbook[detect]'`; or set `detect: false`."
        ) from error
    from lingua import IsoCode639_1

    wanted = [getattr(IsoCode639_1, code.upper()) for code in SPOKEN if code != "yue"]
    machine = LanguageDetectorBuilder.from_iso_codes_639_1(*wanted).build()

    def detect(text: str) -> str | None:
        if sum(letter.isalpha() for letter in text) < (
            ENOUGH if script(text) not in SPACELESS else ENOUGH // 3
        ):
            return None
        best, second = machine.compute_language_confidence_values(text)[:2]
        sure = best.value >= SURE and best.value >= CLEAR * second.value
        return best.language.iso_code_639_1.name.lower() if sure else None

    return detect
