"""Spells numbers: `numbers_for(language)` gives the speller for it. Each file is a family of languages."""

from importlib import import_module

HOMES = {
    "ja": "han",
    "zh": "han",
    "yue": "han",
    "ko": "korean",
    "en": "english",
    "de": "german",
    "nl": "german",
    "es": "romance",
    "fr": "romance",
    "it": "romance",
    "pt": "romance",
    "ro": "romance",
    "ru": "slavic",
    "uk": "slavic",
    "pl": "slavic",
    "cs": "slavic",
    "ar": "arabic",
    "el": "greek",
    "fi": "finnish",
    "hi": "hindi",
    "tr": "turkish",
    "vi": "vietnamese",
    "th": "thai",
}


def numbers_for(language):
    """The `Numbers` of a Language."""
    from dotsbook.text.normalise.numbers.number_words import Numbers

    if "cldr" in language.data:
        from dotsbook.text.normalise.numbers.plain_numbers import PlainNumbers

        return PlainNumbers(language)

    home = HOMES.get(language.base)
    if home is None:
        return Numbers(language)
    return import_module(f"{__name__}.{home}").SPELLERS[language.base](language)
