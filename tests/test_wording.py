"""Figures as people say them."""

import pytest

from dotsbook.wording import first_few, size


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [
        (0, "0 bytes"),
        (312, "312 bytes"),
        (4_200, "4 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_240_000, "1.2 MB"),
        (9_960_000, "10 MB"),
        (23_400_000, "23 MB"),
        (999_600_000, "1.0 GB"),
        (1_440_000_000, "1.4 GB"),
    ],
)
def test_sizes(bytes_, said):
    assert size(bytes_) == said


def test_of_many_names_the_first_few_are_told():
    assert first_few(["1.2", "1.7"], 2) == "1.2, 1.7"
    assert first_few(["1.2", "1.7", "2.1"], 2) == "1.2, 1.7 …"
    assert first_few(["1.2"], 2, total=9) == "1.2 …"
