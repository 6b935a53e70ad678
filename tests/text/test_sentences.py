"""Sentences as fiction and short forms have them; every case of our own writing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.text.script.quotes import spans, unbalanced
from dotsbook.text.script.sentences import inner, sentences

CASES = {
    "en": [
        ["The door opened.", "“Who is it?” she called.", "Nobody."],
        ["“Is it far?” asked the boy.", "It was."],
        ['"Stop!" he shouted, running.', '"Stop the cart!"'],
        ["He stood on the shore.", "Splash! splash! down it went, and was gone."],
        ["J. R. Hartley wrote to Mrs. Quill and Dr. Adair at St. Bride’s.", "Nobody answered."],
        ["She was born in 1204 B.C. and so was he.", "It was long ago."],
        ["The gold was found in 1600 B.C.", "The city had burnt by then."],
        ["Turn to p. 55, or to No. 7 on the list, e.g. the third.", "Then stop."],
        ["It cost 3.50 and not 4.00.", "See www.example.org/a.b for more."],
        ["I thought … well, I hoped.", "But no."],
        ["I thought…", "Then it was over."],
        ["“If you would only—”", "The line went dead."],
        ["(He was late again.)", "Nobody minded."],
        ["He had a dog (it was old. It was blind.) and a cat.", "Both slept."],
        ["‘’Tis the dogs’ bone,’ said I.", "‘It isn’t.’"],
        ["1. The first rule is this.", "2. The second is that."],
        ["Rules: a) be kind; b) be brief.", "That is all."],
        ["Yahoo! is a firm.", "So was Pan-Am."],
        ["He looked at me.", "Mara laughed.", "It was not art.", "Nobody said no.", "Tom did."],
        ["See fig. 5, vol. II and No. 7.", "Then go."],
        ["“He calls it ‘strategy.’ ”", "Nobody smiled."],
    ],
    "de": [
        ["Am 3. Mai kam er an.", "Im 19. Jahrhundert war das anders."],
        ["Das steht auf Seite 12.", "Dort steht noch mehr."],
        ["»Wirklich?«, fragte sie.", "»Ja.«"],
        ["Er sah z. B. den Hl. Georg und Frau Dr. Blau.", "Dann ging er."],
        ["Alles war bereit.", "1848 begann es."],
    ],
    "fr": [
        ["« Où vas-tu ? » demanda M. Dupré.", "Il ne répondit pas."],
        ["Vers 350 av. J.-C. le temple brûla.", "Rien ne resta."],
    ],
    "es": [
        ["Dijo que no.", "María rió."],
        ["¿Adónde vas? —preguntó el Sr. Ruiz.", "¡No lo sé!"],
        ["Fue hacia el 300 a. C.", "La ciudad ardió."],
    ],
    "it": [["Nel 300 a.C. la città bruciò.", "Nessuno tornò."]],
    "ru": [["В 5 веке до н. э. город сгорел.", "Все ушли."], ["— Кто там? — спросил он.", "Тишина."]],
    "zh": [["他说：“走吧。我们回家。”", "她没有动。", "2010年他又来了。"]],
    "ja": [["「はい。行きます。」と彼は言った。", "誰もいない。", "「いいえ」"]],
    "hi": [["वह आया।", "कौन है?", "कोई नहीं।"]],
    "ar": [["هل جاء؟", "لم يأتِ أحد."]],
}


@pytest.mark.parametrize(
    ("language", "wanted"), [(language, wanted) for language, cases in CASES.items() for wanted in cases]
)
def test_cases(language, wanted):
    gap = "" if language in ("zh", "ja") else " "
    text = gap.join(wanted)
    assert [text[start:end] for start, end in sentences(text, language)] == wanted


def test_thai_is_cut_at_gaps_and_never_left_endless():
    text = " ".join(["เขาเดินไปตลาดแล้วซื้อปลาตัวใหญ่มาก"] * 20)
    found = sentences(text, "th")
    assert "".join(text[start:end] for start, end in found).replace(" ", "") == text.replace(" ", "")
    assert len(found) >= 5 and max(end - start for start, end in found) <= 160


def test_thai_keeps_a_figure_with_what_it_counts():
    text = "เขาเดินไปที่ตลาดในตอนเช้า แล้วซื้อผลไม้ ๓ กิโลกรัม ราคาไม่แพงเลยสำหรับเขาในวันนั้น"
    assert not any(text[:end].endswith("๓") for _, end in sentences(text, "th"))


def test_a_quotation_is_whole_but_can_be_parted_at_its_sentences():
    text = "“I went. I saw. I came home again.” She slept."
    assert len(sentences(text, "en")) == 2
    assert [text[at:].lstrip()[:5] for at in inner(text, 0, 36, "en")] == ["I saw", "I cam"]


def test_a_blank_line_parts_and_a_line_end_does_not():
    assert len(sentences("One line\nand the next of a poem\n\nAnother stanza", "en")) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said, “Go, and ‘be quick,’ she said.”", ["“Go, and ‘be quick,’ she said.”", "‘be quick,’"]),
        ("»Ja«, sagte er. «Oui» „Nein“", ["»Ja«", "«Oui»", "„Nein“"]),
        ("the dogs' bones and the cat's", []),
        ('"Why?" he asked. "Now."', ['"Why?"', '"Now."']),
        ("「はい『え』」", ["「はい『え』」", "『え』"]),
    ],
)
def test_quotes_pair(text, wanted):
    assert [text[start:end] for start, end in spans(text)] == wanted


def test_an_open_quotation_is_seen():
    assert unbalanced("“Go on, and then") and not unbalanced("“Go on,” and don’t stop")


TEXT = st.text(
    alphabet=st.sampled_from("abcXYZ .!?…,;:—-\"'“”‘’()[]1234567890\n。！？「」、éßя你あا؟कि।ไทย "),
    max_size=200,
)


@settings(max_examples=300)
@given(TEXT, st.sampled_from(["en", "de", "fr", "ru", "zh", "ja", "ar", "hi", "th", "xx"]))
def test_all_that_is_visible_is_in_one_sentence(text, language):
    found = sentences(text, language)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in found)
    assert all(before[1] <= after[0] for before, after in zip(found, found[1:], strict=False))
