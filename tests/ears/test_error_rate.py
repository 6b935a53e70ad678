"""Error rates as Seed-TTS-eval counts them; the figures are of its own script (jiwer 4.0, zhon 2.1)."""

import pytest

from dotsbook.ears.error_rate import counted, error_rate, least_changes


@pytest.mark.parametrize(
    ("written", "heard", "rate"),
    [
        ("The boat left at dawn.", "the boat left at dawn", 0.0),
        ("The boat left at dawn.", "The boat left.", 0.4),
        (
            "Don’t go, Mr. O'Neil!",
            "Don't go Mister O'Neil",
            0.5,
        ),  # the curly apostrophe goes, the straight one stays
        ("It was well-known.", "It was well known.", 2 / 3),
        ("Run!", "Run and run and run.", 4.0),
        ("One two three four.", "one too tree four", 0.5),
    ],
)
def test_english_counts_words(written, heard, rate):
    assert error_rate(written, heard, "en") == pytest.approx(rate)


def test_chinese_counts_characters():
    assert counted("你好，世界。", "zh") == list("你好世界")
    assert error_rate("你好，世界。", "你好世街", "zh-CN") == 0.25


def test_changes_are_the_least():
    assert least_changes("kitten", "sitting") == 3 and least_changes("", "abc") == 3
    assert error_rate("…", "", "en") == 0.0 and error_rate("…", "so", "en") == 1.0
