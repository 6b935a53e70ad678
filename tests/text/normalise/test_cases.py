"""Every line of cases/*.txt: written => spoken, in the language the file is named for."""

from pathlib import Path

import pytest

from dotsbook.text.normalise import normalise

CASES = [
    (path.stem, *line.split(" => ", 1))
    for path in sorted((Path(__file__).parent / "cases").glob("*.txt"))
    for line in path.read_text("utf-8").splitlines()
    if " => " in line and not line.startswith("#")
]


@pytest.mark.parametrize(("language", "written", "spoken"), CASES)
def test_reads_as_the_case_says(language, written, spoken):
    assert normalise(written, language)[0] == spoken
