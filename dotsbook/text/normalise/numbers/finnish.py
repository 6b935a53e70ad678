"""Finnish numbers, whose every part takes the case: viiden, kahdellakymmenelläyhdellä, kuudennen. It knows no other language."""

import re

from dotsbook.text.normalise.numbers.number_words import MOST, Numbers, words

# A case's letter to its ending after a weak stem; partitive, illative and essive have forms of their own.
ENDINGS = {"g": "n", "i": "ssa", "e": "sta", "a": "lla", "b": "lta", "t": "lle", "k": "ksi"}
FRONT = str.maketrans("a", "ä")
# A word to its weak stem, partitive, illative and essive.
FORMS = {
    "nolla": "nolla nollaa nollaan nollana",
    "yksi": "yhde yhtä yhteen yhtenä",
    "kaksi": "kahde kahta kahteen kahtena",
    "kolme": "kolme kolmea kolmeen kolmena",
    "neljä": "neljä neljää neljään neljänä",
    "viisi": "viide viittä viiteen viitenä",
    "kuusi": "kuude kuutta kuuteen kuutena",
    "seitsemän": "seitsemä seitsemää seitsemään seitsemänä",
    "kahdeksan": "kahdeksa kahdeksaa kahdeksaan kahdeksana",
    "yhdeksän": "yhdeksä yhdeksää yhdeksään yhdeksänä",
    "kymmenen": "kymmene kymmentä kymmeneen kymmenenä",
    "kymmentä": "kymmene kymmentä kymmeneen kymmenenä",
    "sata": "sada sataa sataan satana",
    "sataa": "sada sataa sataan satana",
    "tuhat": "tuhanne tuhatta tuhanteen tuhantena",
    "tuhatta": "tuhanne tuhatta tuhanteen tuhantena",
    "miljoona": "miljoona miljoonaa miljoonaan miljoonana",
    "miljoonaa": "miljoona miljoonaa miljoonaan miljoonana",
}
ORDINALS = {  # the stem before -s, -nne-, -tta, -nteen
    "yksi": "yhde", "kaksi": "kahde", "kolme": "kolma", "neljä": "neljä", "viisi": "viide", "kuusi": "kuude",
    "seitsemän": "seitsemä", "kahdeksan": "kahdeksa", "yhdeksän": "yhdeksä", "kymmenen": "kymmene", "kymmentä": "kymmene",
    "sata": "sada", "sataa": "sada", "tuhat": "tuhanne", "tuhatta": "tuhanne",
}  # fmt: skip
PART = re.compile("|".join(sorted(FORMS, key=len, reverse=True)) + "|toista")


def is_front(word: str) -> bool:
    return not any(char in "aou" for char in word)


def in_case(word: str, case: str) -> str:
    """A number's part in a case."""
    if word == "toista":
        return word
    stem, partitive, illative, essive = FORMS[word].split()
    if case in ENDINGS:
        return stem + (ENDINGS[case].translate(FRONT) if is_front(stem) else ENDINGS[case])
    return {"p": partitive, "l": illative, "s": essive}[case]


def ordinal_part(word: str, case: str) -> str:
    if word == "toista":
        return word
    stem = ORDINALS[word]
    front = is_front(stem)
    if case == "n":
        return stem + "s"
    if case in ENDINGS:
        end = "nne" + ENDINGS[case]
    else:
        end = {"p": "tta", "l": "nteen", "s": "ntena"}[case]
    return (stem[:-2] if word.startswith("tuhat") and case == "p" else stem) + (
        end.translate(FRONT) if front else end
    )


class Finnish(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, "fi")
        if case in ("", "n"):
            return said
        return " ".join(
            "".join(in_case(part, case) for part in PART.findall(word)) or word for word in said.split(" ")
        )

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if case == "n" or value >= MOST:
            return words(value, "fi", "ordinal")
        if value in (1, 2):
            stem = ("ensimmäi", "toi")[value - 1]
            end = "se" + ENDINGS[case] if case in ENDINGS else {"p": "sta", "l": "seen", "s": "sena"}[case]
            return stem + (end.translate(FRONT) if value == 1 else end)
        return " ".join(
            "".join(ordinal_part(part, case) for part in PART.findall(word))
            for word in words(value, "fi").split(" ")
        )


SPELLERS = {"fi": Finnish}
