"""Language tags as markup has them → BCP 47: "ENG", "pt_br" and "zh-hant-tw" in their usual letters. It knows no language by name."""

THREE = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "nld": "nl",
    "dut": "nl",
    "rus": "ru",
    "pol": "pl",
    "ces": "cs",
    "cze": "cs",
    "ell": "el",
    "gre": "el",
    "fin": "fi",
    "hin": "hi",
    "ind": "id",
    "jpn": "ja",
    "kor": "ko",
    "ron": "ro",
    "rum": "ro",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "vie": "vi",
    "zho": "zh",
    "chi": "zh",
    "ara": "ar",
    "swe": "sv",
    "dan": "da",
    "nor": "no",
    "hun": "hu",
    "heb": "he",
    "lat": "la",
    "cat": "ca",
}


def tag_of(tag: str | None) -> str | None:
    """A BCP 47 tag in its usual letter case; None for what names no language."""
    parts = (tag or "").strip().replace("_", "-").split("-")
    first = parts[0].lower()
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()) or first in (
        "und",
        "zxx",
        "mul",
        "mis",
    ):
        return None
    rest = [
        part.upper()
        if len(part) == 2
        else part.title()
        if len(part) == 4 and part.isalpha()
        else part.lower()
        for part in parts[1:]
        if part.isascii() and part.isalnum()
    ]
    return "-".join([THREE.get(first, first), *rest])
