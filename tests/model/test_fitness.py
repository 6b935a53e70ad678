"""What is said about a model is true, and a verification finds what is broken."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from dotsbook.cli.model import app
from dotsbook.errors import DotsbookError, ModelError
from dotsbook.model.checkpoint import hub
from dotsbook.model.checkpoint.fitness import info, verify
from dotsbook.model.checkpoint.opening import open_checkpoint


@pytest.mark.parametrize(
    ("kind", "layout"), [("fm", "reference"), ("mf", "shraey"), ("mf1", "reference"), ("scm", "dotsbook")]
)
def test_verify_speaks(tiny, kind, layout):
    folder = tiny(kind, layout)
    found = verify(folder)
    assert found["seconds"] == pytest.approx(6 * 4 * 960 / 24000)
    assert found["hashed"] == (layout == "dotsbook") and found["tensors"] > 1000


def test_verify_finds_broken_numbers(tiny, tmp_path):
    copy = shutil.copytree(tiny("fm"), tmp_path / "m")
    at = open_checkpoint(copy).headers["core"]["hidden_proj.bias"].begin
    with open(copy / "model.safetensors", "r+b") as file:
        file.seek(at)
        file.write(b"\xff\xff\xff\x7f")
    with pytest.raises(ModelError, match="hidden_proj.bias.*not finite"):
        verify(copy)


def test_info_of_each_kind(tiny):
    said = {kind: info(tiny(kind)) for kind in ("fm", "mf", "mf1", "scm")}
    assert {k: (i["solver"], i["steps"], i["steps_fixed"]) for k, i in said.items()} == {
        "fm": ("flow_matching", 10, False),
        "mf": ("meanflow", 4, False),
        "mf1": ("flow_matching", 1, True),
        "scm": ("scm", 2, True),
    }
    assert said["fm"]["sizes"]["patch_seconds"] == pytest.approx(0.16)
    assert said["fm"]["bytes"] == sum(p.stat().st_size for p in tiny("fm").rglob("*"))


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_commands(tiny, tmp_path):
    made = run("convert", tiny("fm"), tmp_path / "own", "--bits", 4, "--json")
    assert json.loads(made.output)["quantization"]["bits"] == 4
    assert json.loads(run("quantize", tiny("fm"), tmp_path / "q", "--json").output)["precision"] == "bfloat16"
    assert "packed in 4 bits" in run("info", tmp_path / "own").output
    assert json.loads(run("info", tmp_path / "own", "--json").output)["layout"] == "dotsbook"
    assert "9 hashes agree" not in run("verify", tmp_path / "own", "--no-speak").output
    assert "8 hashes agree" in run("verify", tmp_path / "own", "--no-speak").output
    assert json.loads(run("verify", tmp_path / "own", "--json").output)["seconds"] > 0.5
    again = run("convert", tiny("fm"), tmp_path / "own")
    assert isinstance(again.exception, DotsbookError) and again.exit_code == 1


def test_list_and_pull(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(hub, "cached", lambda source: None)
    listed = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [m["model"] for m in listed] == [name for name, _ in hub.KNOWN] and not any(
        m["folder"] for m in listed
    )

    def pull(name, *, announce):
        plan = hub.PullPlan(
            hub.parse_hub_name(name), (hub.RemoteFile("a", 5 * 10**9, None, None),), 3 * 10**9
        )
        if not announce(plan):
            raise ModelError("was not fetched")
        return tmp_path

    monkeypatch.setattr(hub, "pull", pull)
    yes = run("pull", "a/b", "--yes")
    assert "5.0 GB" in yes.output and "3.0 GB" in yes.output and yes.exit_code == 0
    assert "not fetched" in str(CliRunner().invoke(app, ["pull", "a/b"], input="n\n").exception)
    assert "--yes" in str(run("pull", "a/b", "--json").exception)
    assert json.loads(run("pull", "a/b", "--yes", "--json").output)["folder"] == str(tmp_path)
