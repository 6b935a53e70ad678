"""Cardinals of Polish and Czech in the oblique cases, word by word. It knows no context.

num2words declines Russian and Ukrainian numbers itself; for these two it gives the nominative, which is declined here.
Cases are g, d, i, p (genitive, dative, instrumental, prepositional); in each row they stand in this order.
"""

CASES = "gdip"


def _alike(forms: str) -> dict[str, list[str]]:
    """Words with one oblique form for all cases: "pięć pięciu"."""
    pairs = [pair.split(":") for pair in forms.split()]
    return {word: [oblique] * 4 for word, oblique in pairs}


def _rows(text: str) -> dict[str, list[str]]:
    return {row.split()[0]: row.split()[1:] for row in text.strip().splitlines()}


POLISH = {
    **_rows(
        """
        dwa dwóch dwóm dwoma dwóch
        dwie dwóch dwóm dwiema dwóch
        trzy trzech trzem trzema trzech
        cztery czterech czterem czterema czterech
        zero zera zeru zerem zerze
        tysiąc tysiąca tysiącowi tysiącem tysiącu
        tysiące tysięcy tysiącom tysiącami tysiącach
        tysięcy tysięcy tysiącom tysiącami tysiącach
        milion miliona milionowi milionem milionie
        miliony milionów milionom milionami milionach
        milionów milionów milionom milionami milionach
        miliard miliarda miliardowi miliardem miliardzie
        miliardy miliardów miliardom miliardami miliardach
        miliardów miliardów miliardom miliardami miliardach
        """
    ),
    **_alike(
        "pięć:pięciu sześć:sześciu siedem:siedmiu osiem:ośmiu dziewięć:dziewięciu dziesięć:dziesięciu "
        "jedenaście:jedenastu dwanaście:dwunastu trzynaście:trzynastu czternaście:czternastu piętnaście:piętnastu "
        "szesnaście:szesnastu siedemnaście:siedemnastu osiemnaście:osiemnastu dziewiętnaście:dziewiętnastu "
        "dwadzieścia:dwudziestu trzydzieści:trzydziestu czterdzieści:czterdziestu pięćdziesiąt:pięćdziesięciu "
        "sześćdziesiąt:sześćdziesięciu siedemdziesiąt:siedemdziesięciu osiemdziesiąt:osiemdziesięciu "
        "dziewięćdziesiąt:dziewięćdziesięciu sto:stu dwieście:dwustu trzysta:trzystu czterysta:czterystu "
        "pięćset:pięciuset sześćset:sześciuset siedemset:siedmiuset osiemset:ośmiuset dziewięćset:dziewięciuset"
    ),
}
CZECH = {
    **_rows(
        """
        dva dvou dvěma dvěma dvou
        dvě dvou dvěma dvěma dvou
        tři tří třem třemi třech
        čtyři čtyř čtyřem čtyřmi čtyřech
        nula nuly nule nulou nule
        sto sta stu stem stu
        stě set stům sty stech
        sta set stům sty stech
        tisíc tisíce tisíci tisícem tisíci
        tisíce tisíc tisícům tisíci tisících
        milion milionu milionu milionem milionu
        miliony milionů milionům miliony milionech
        milionů milionů milionům miliony milionech
        miliarda miliardy miliardě miliardou miliardě
        miliardy miliard miliardám miliardami miliardách
        """
    ),
    **_alike(
        "pět:pěti šest:šesti sedm:sedmi osm:osmi devět:devíti deset:deseti jedenáct:jedenácti dvanáct:dvanácti "
        "třináct:třinácti čtrnáct:čtrnácti patnáct:patnácti šestnáct:šestnácti sedmnáct:sedmnácti osmnáct:osmnácti "
        "pětset:pětiset šestset:šestiset sedmset:sedmiset osmset:osmiset devětset:devítiset "
        "devatenáct:devatenácti dvacet:dvaceti třicet:třiceti čtyřicet:čtyřiceti padesát:padesáti šedesát:šedesáti "
        "sedmdesát:sedmdesáti osmdesát:osmdesáti devadesát:devadesáti set:set"
    ),
}
ONE = {
    "pl": {"m": ["jednego", "jednemu", "jednym", "jednym"], "f": ["jednej", "jednej", "jedną", "jednej"]},
    "cs": {"m": ["jednoho", "jednomu", "jedním", "jednom"], "f": ["jedné", "jedné", "jednou", "jedné"]},
}
TABLES = {"pl": POLISH, "cs": CZECH}


def decline(said: str, language: str, gender: str, case: str) -> str:
    """A nominative cardinal in another case; words that don't change stay."""
    at = CASES.index(case)
    if said in ("jeden", "jedna", "jedno"):
        return ONE[language]["f" if gender == "f" else "m"][at]
    parts = said.split(" ")
    table = TABLES[language]
    out = []
    for place, word in enumerate(parts):
        if language == "cs" and word == "tisíc" and place:  # pět tisíc: a genitive plural
            word = "tisíce"
        out.append(table[word][at] if word in table else word)
    return " ".join(out)
