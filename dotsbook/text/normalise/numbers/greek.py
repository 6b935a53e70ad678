"""Greek numbers, with genders. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers

UNITS = str.split(
    "μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα δεκατρία δεκατέσσερα "
    "δεκαπέντε δεκαέξι δεκαεπτά δεκαοκτώ δεκαεννέα"
)
TENS = str.split("είκοσι τριάντα σαράντα πενήντα εξήντα εβδομήντα ογδόντα ενενήντα")
HUNDREDS = str.split("εκατό διακόσια τριακόσια τετρακόσια πεντακόσια εξακόσια επτακόσια οκτακόσια εννιακόσια")
GENDERED = {
    "m": {
        "ένα": "ένας",
        "τρία": "τρεις",
        "τέσσερα": "τέσσερις",
        "δεκατρία": "δεκατρείς",
        "δεκατέσσερα": "δεκατέσσερις",
    },
    "f": {
        "ένα": "μία",
        "τρία": "τρεις",
        "τέσσερα": "τέσσερις",
        "δεκατρία": "δεκατρείς",
        "δεκατέσσερα": "δεκατέσσερις",
    },
}
GENDERED["a"] = {**GENDERED["m"], "ένα": "έναν"}  # the masculine's accusative
GENDERED["g"] = {
    "ένα": "ενός",
    "τρία": "τριών",
    "τέσσερα": "τεσσάρων",
    "δεκατρία": "δεκατριών",
    "δεκατέσσερα": "δεκατεσσάρων",
}
HUNDREDS_END = {"f": "ες", "m": "οι", "a": "ους"}
ORDINALS = str.split(
    "μηδενικός πρώτος δεύτερος τρίτος τέταρτος πέμπτος έκτος έβδομος όγδοος ένατος δέκατος ενδέκατος δωδέκατος"
)
TENTHS = str.split(
    "δέκατος εικοστός τριακοστός τεσσαρακοστός πεντηκοστός εξηκοστός εβδομηκοστός ογδοηκοστός ενενηκοστός"
)
HUNDREDTHS = str.split(
    "εκατοστός διακοσιοστός τριακοσιοστός τετρακοσιοστός πεντακοσιοστός εξακοσιοστός επτακοσιοστός "
    "οκτακοσιοστός εννιακοσιοστός"
)
MILLIONS = (
    ("εκατομμύριο", "εκατομμύρια"),
    ("δισεκατομμύριο", "δισεκατομμύρια"),
    ("τρισεκατομμύριο", "τρισεκατομμύρια"),
    ("τετράκις εκατομμύριο", "τετράκις εκατομμύρια"),
)


def below_thousand(value: int, gender: str) -> str:
    parts = []
    hundreds, rest = divmod(value, 100)
    if hundreds:
        said = "εκατόν" if hundreds == 1 and rest else HUNDREDS[hundreds - 1]
        if hundreds > 1 and gender == "g":
            said = said.translate(str.maketrans("ό", "ο"))[:-2] + "ίων" if said.endswith("ια") else said
        elif hundreds > 1 and gender in HUNDREDS_END:
            said = said[:-1] + HUNDREDS_END[gender]
        parts.append(said)
    if rest >= 20:
        parts.append(TENS[rest // 10 - 2])
        rest %= 10
    if rest:
        parts.append(GENDERED.get(gender, {}).get(UNITS[rest], UNITS[rest]))
    return " ".join(parts)


class Greek(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value < 20 and value != 1:
            return GENDERED.get(gender, {}).get(UNITS[value], UNITS[value])
        parts = []
        for power in range(4, 0, -1):
            count, value = divmod(value, 10 ** (3 * power + 3))
            if count:
                parts.append(f"{self.cardinal(count)} {MILLIONS[power - 1][0 if count == 1 else 1]}")
        thousands, value = divmod(value, 1000)
        if thousands:
            one = {"m": "χίλιοι", "f": "χίλιες", "a": "χίλιους", "g": "χιλίων"}.get(gender, "χίλια")
            many = "χιλιάδων" if gender == "g" else "χιλιάδες"
            parts.append(
                one
                if thousands == 1
                else f"{below_thousand(thousands, 'g' if gender == 'g' else 'f')} {many}"
            )
        if value:
            parts.append(below_thousand(value, gender))
        return " ".join(parts)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if value > 1999 or value == 0:
            return self.cardinal(value)
        parts = ["χιλιοστός"] if value >= 1000 else []
        parts += [HUNDREDTHS[value % 1000 // 100 - 1]] if value % 1000 >= 100 else []
        rest = value % 100
        if rest <= 12:
            parts += [ORDINALS[rest]] if rest else []
        else:
            parts += [TENTHS[rest // 10 - 1]] + ([ORDINALS[rest % 10]] if rest % 10 else [])
        end = {"f": ("η", "ή"), "n": ("ο", "ό"), "mg": ("ου", "ού"), "fg": ("ης", "ής")}.get(
            gender + (case if case == "g" else "")
        )
        if not end:
            return " ".join(parts)
        return " ".join(word[:-2] + (end[1] if word.endswith("ός") else end[0]) for word in parts)

    def fraction(self, above: int, below: int) -> str:
        if (above, below) == (1, 2):
            return "ένα δεύτερο"
        said = self.ordinal(below, "n")
        return f"{self.cardinal(above)} {said if above == 1 else said[:-1] + ('ά' if said.endswith('ό') else 'α')}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = "μισό" if (above, below) == (1, 2) else self.fraction(above, below)
        return f"{self.cardinal(whole)} και {said}"

    def decimals(self, text: str) -> str:
        return self.digits(text) if text[0] == "0" or len(text) > 2 else self.cardinal(int(text))


SPELLERS = {"el": Greek}
