"""Rows that grow in a file: read back, torn ones passed over, and what comes after a torn one kept."""

import pytest

from dotsbook.errors import OutputError
from dotsbook.json_rows import add_row, json_rows


def test_rows_come_back(tmp_path):
    path = tmp_path / "new" / "rows.jsonl"
    assert list(json_rows(path)) == []
    add_row(path, {"said": "zwölf"})
    add_row(path, {"said": "три"}, lasting=True)
    assert list(json_rows(path)) == [{"said": "zwölf"}, {"said": "три"}]


def test_a_torn_row_is_passed_over_and_harms_no_other(tmp_path):
    path = tmp_path / "rows.jsonl"
    add_row(path, {"a": 1})
    path.write_bytes(path.read_bytes() + '{"b": "zwö'.encode()[:-1])
    add_row(path, {"c": 3})
    assert list(json_rows(path)) == [{"a": 1}, {"c": 3}]


def test_a_disk_that_refuses_is_said(tmp_path):
    (tmp_path / "rows.jsonl").mkdir()
    with pytest.raises(OutputError, match=r"rows\.jsonl can't be written"):
        add_row(tmp_path / "rows.jsonl", {"a": 1})
