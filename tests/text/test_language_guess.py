"""Which language a text is in, and what is told of a manuscript as a whole."""

import pytest
from bookmaking import said

from dotsbook.text.language_guess import guess, otherwise
from dotsbook.text.reader import read_book, read_details

SENTENCES = {
    "ar": "ذهب الرجل إلى السوق في الصباح ولم يجد ما كان يبحث عنه، ثم عاد إلى بيته مع ابنه.",
    "cs": "Když přišel večer, seděla babička u okna a vyprávěla dětem, jak to bylo za starých časů.",
    "da": "Da hun kom hjem, var der ikke nogen, og hun satte sig ved vinduet og så ud på haven.",
    "de": "Als er nach Hause kam, war niemand da, und er setzte sich ans Fenster und sah in den Garten.",
    "el": "Το βράδυ ο γέρος κάθισε στην πόρτα και κοίταζε τη θάλασσα που δεν είχε κύμα.",
    "en": "When he came home there was nobody in the house, and he sat down by the window.",
    "es": "Cuando llegó a la casa no había nadie, y se sentó junto a la ventana para mirar el jardín.",
    "fi": "Kun hän tuli kotiin, siellä ei ollut ketään, ja hän istui ikkunan ääreen ja katsoi pihalle.",
    "fr": "Quand il rentra chez lui, il n'y avait personne, et il s'assit près de la fenêtre.",
    "hi": "जब वह घर आया तो वहाँ कोई नहीं था और वह खिड़की के पास बैठ गया।",
    "id": "Ketika dia pulang ke rumah, tidak ada orang, dan dia duduk di dekat jendela yang terbuka.",
    "it": "Quando tornò a casa non c'era nessuno, e si sedette accanto alla finestra per guardare il giardino.",
    "ja": "家に帰ると誰もいなかったので、窓のそばに座って庭を見ていた。",
    "ko": "집에 돌아오니 아무도 없어서 그는 창가에 앉아 마당을 바라보았다.",
    "nl": "Toen hij thuis kwam was er niemand, en hij ging bij het raam zitten en keek naar de tuin.",
    "pl": "Kiedy wrócił do domu, nie było nikogo, więc usiadł przy oknie i patrzył na ogród.",
    "pt": "Quando ele chegou a casa não havia ninguém, e sentou-se à janela para ver o jardim.",
    "ro": "Când a ajuns acasă nu era nimeni, și s-a așezat lângă fereastră ca să se uite în grădină.",
    "ru": "Когда он вернулся домой, там никого не было, и он сел у окна и стал смотреть в сад.",
    "sv": "När han kom hem var det ingen där, och han satte sig vid fönstret och såg ut över trädgården.",
    "th": "เมื่อเขากลับบ้านก็ไม่มีใครอยู่ และเขานั่งลงที่หน้าต่าง",
    "tr": "Eve geldiğinde kimse yoktu ve o da pencerenin yanına oturup bahçeye bakmaya başladı.",
    "uk": "Коли він повернувся додому, там нікого не було, і він сів біля вікна та дивився в сад.",
    "vi": "Khi anh về nhà thì không có ai, và anh ngồi xuống bên cửa sổ nhìn ra vườn.",
    "yue": "佢返到屋企嗰陣，冇人喺度，佢就坐喺窗邊睇住個花園。",
    "zh": "他回到家里的时候一个人也没有，于是他坐在窗边看着花园。",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_of_each_language(language):
    assert guess(SENTENCES[language]).language == language


def test_nothing_speaks_for_a_language_in_figures():
    assert guess("1 2 3 — 4") is None and guess("") is None


def test_otherwise_needs_enough_words_and_spares_kin():
    assert otherwise("en", SENTENCES["de"]) is None
    assert otherwise("en", SENTENCES["de"] * 20) == "de"
    assert otherwise("de", SENTENCES["de"] * 20) is None
    assert otherwise("nb", SENTENCES["da"] * 20) is None
    assert otherwise("en-GB", SENTENCES["ru"] * 20) == "ru"
    assert otherwise("zh-Hant", SENTENCES["yue"] * 9) is None


def test_a_text_is_read_in_its_own_language_where_none_is_said(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"{SENTENCES['pl']}\n\n{SENTENCES['pl']}\n", "utf-8")
    assert read_book([source]).language == read_details(source).language == "pl"
    source = tmp_path / "a.md"
    source.write_text(f"# Eins\n\n{SENTENCES['de']}\n", "utf-8")
    assert read_details(source).language == "de"


def test_plan_is_told_of_another_language_and_of_markup_as_text(tmp_path):
    source = tmp_path / "a.md"
    source.write_text(
        "\n\n".join([SENTENCES["fr"]] * 12) + "\n\n&amp;lt;p&amp;gt; \\<b\\>un\\</b\\>\n", "utf-8"
    )
    told = read_book([source], language="en").warnings
    assert len(told) == 2
    assert "French" in told[0] and "`language: fr`" in told[0]
    assert "markup stands in the text" in told[1] and "&lt;" in told[1]
    assert read_book([source], language="fr").warnings == told[1:]
    assert "un" in said(read_book([source], language="fr"))[-1]
