"""Proofs are kept with the files' hashes, and files that changed since are found."""

import json

from dotsbook.master.proof import Proof, ProofRow, recheck, store_proof, summed


def test_a_changed_or_lost_file_is_found(tmp_path):
    files = [tmp_path / "set" / name for name in ("a.mp3", "b.mp3", "c.mp3")]
    files[0].parent.mkdir()
    for file in files:
        file.write_bytes(file.name.encode())
    store_proof(Proof("set", (ProofRow("x", "1", "1", True),)), tmp_path / "set" / "proof.json", files)
    assert recheck(tmp_path) == [(file, []) for file in files]
    files[0].write_bytes(b"other")
    files[2].unlink()
    found = dict(recheck(tmp_path))
    assert "not what was proved" in found[files[0]][0]
    assert found[files[1]] == []
    assert "gone" in found[files[2]][0]


def test_a_proof_that_cannot_be_read_is_a_fault(tmp_path):
    for name, text in (
        ("a.proof.json", "{"),
        ("b.proof.json", "[]"),
        ("c.proof.json", json.dumps({"files": ["x"]})),
    ):
        (tmp_path / name).write_text(text)
    assert [bool(faults) for _, faults in recheck(tmp_path)] == [True] * 3
    assert recheck(tmp_path / "nothing here") == []


def test_only_binding_rows_fail_a_proof():
    good, note, bad = (
        ProofRow("a", "1", "1", True),
        ProofRow("b", "1", "2", False, False),
        ProofRow("c", "1", "2", False),
    )
    assert Proof("f", (good, note)).ok
    assert Proof("f", (good, note)).warnings == [note]
    assert Proof("f", (good, bad)).failures == [bad]


def test_many_rows_in_one():
    good, bad = ProofRow("a", "1", "1", True), ProofRow("c", "1", "2", False)
    assert summed("tags", [good, good]).ok
    assert summed("tags", [good, bad]).found == "2 (1 of 2 are wrong)"
