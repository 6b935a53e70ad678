"""Kana as phonemes in the alphabet that Kokoro learnt for Japanese. It reads no kanji.

Each kana is a consonant and a vowel; a small one after it changes the vowel. ン takes the place of what follows it, ッ is
a stop, ー a long vowel.
"""

VOWELS = dict(zip("アイウエオ", ("a", "i", "ɯ", "e", "o"), strict=True))
ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "ɡ": "ガギグゲゴ",
    "s": "サシスセソ",
    "ʣ": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "ɾ": "ラリルレロ",
}
# (consonant, vowel) where a row's own doesn't fit
OTHERS = {
    **{kana: (f"{one}ʲ", "i") for kana, one in zip("キギビピミリ", "kɡbpmɾ", strict=True)},
    **{
        "シ": ("ɕ", "i"),
        "ジ": ("ʥ", "i"),
        "チ": ("ʨ", "i"),
        "ヂ": ("ʥ", "i"),
        "ニ": ("ɲ", "i"),
        "ヒ": ("ç", "i"),
    },
    **{"ス": ("s", "ɨ"), "ズ": ("z", "ɨ"), "ツ": ("ʦ", "ɨ"), "ヅ": ("z", "ɨ"), "フ": ("ɸ", "ɯ")},
    **{
        "ヤ": ("j", "a"),
        "ユ": ("j", "ɯ"),
        "ヨ": ("j", "o"),
        "ワ": ("β", "a"),
        "ヰ": ("", "i"),
        "ヱ": ("", "e"),
    },
    **{"ヲ": ("", "o"), "ヴ": ("v", "ɯ"), "ヵ": ("k", "a"), "ヶ": ("k", "e")},
}
SOUNDS = {
    kana: (consonant, vowel)
    for consonant, row in ROWS.items()
    for kana, vowel in zip(row, VOWELS.values(), strict=True)
} | OTHERS
PALATAL = {"ャ": "a", "ュ": "ɨ", "ョ": "o"}
SMALL = {"ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o", "ヮ": "a"}
ROUNDED = {"ク": "kᵝ", "グ": "ɡᵝ", "ウ": "β", "イ": "j"}  # before a small vowel
LONG, STOP, NASAL = "ー", "ッ", "ン"
KANA = frozenset([*SOUNDS, *PALATAL, *SMALL, LONG, STOP, NASAL])


def katakana(text: str) -> str:
    """Hiragana as katakana, all else as it is."""
    return "".join(chr(ord(mark) + 0x60) if "ぁ" <= mark <= "ゖ" else mark for mark in text)


def is_kana(text: str) -> bool:
    return bool(text) and all(mark in KANA for mark in katakana(text))


def phonemes_of_kana(text: str) -> str:
    """A word in kana as phonemes; marks that are no kana are left out."""
    pieces: list[str] = []
    for syllable in syllables_of(katakana(text)):
        if syllable == LONG:
            pieces.append("ː" if pieces and pieces[-1] != "ː" else "")
        elif syllable in (STOP, NASAL):
            pieces.append(syllable)
        else:
            pieces.append("".join(sound_of(syllable)))
    return "".join(
        nasal_before(pieces[place + 1 : place + 2]) if piece == NASAL else "ʔ" if piece == STOP else piece
        for place, piece in enumerate(pieces)
    )


def syllables_of(text: str) -> list[str]:
    """Kana, each with the small one that follows it."""
    found: list[str] = []
    for mark in text:
        if mark in PALATAL or mark in SMALL:
            if found and found[-1] in SOUNDS:
                found[-1] += mark
            else:
                found.append({"ャ": "ヤ", "ュ": "ユ", "ョ": "ヨ", "ヮ": "ワ"}.get(mark) or chr(ord(mark) + 1))
        elif mark in SOUNDS or mark in (LONG, STOP, NASAL):
            found.append(mark)
    return found


def sound_of(syllable: str) -> tuple[str, str]:
    """(consonant, vowel) of a kana or of one with a small one."""
    kana, small = syllable[0], syllable[1:]
    consonant, vowel = SOUNDS[kana]
    if not small:
        return consonant, vowel
    if small in PALATAL:
        soft = consonant if vowel == "i" or not consonant else f"{consonant}ʲ"
        return soft or "j", PALATAL[small]
    if kana in ROUNDED:
        return ROUNDED[kana], SMALL[small]
    if small == "ィ" and consonant in ("t", "d", "ɸ", "v", "ʦ"):
        consonant += "ʲ"
    return consonant, SMALL[small]


def nasal_before(following: list[str]) -> str:
    first = following[0][:1] if following else ""
    for nasal, places in (("m", "mpb"), ("ŋ", "kɡ"), ("ɲ", "ɲʨʥ"), ("n", "ntdɾzʣʦ")):
        if first and first in places:
            return nasal
    return "ɴ"
