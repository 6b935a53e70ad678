"""What a person meets around a command: closed and narrow outputs, Ctrl-C while it starts, faults of ours."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from functools import partial

import pytest

from dotsbook.cli import app, console

DOTSBOOK = [sys.executable, "-m", "dotsbook"]


def faulty(*_):
    raise KeyError("nobody foresaw this")


def test_a_fault_of_ours_is_confessed(shell, monkeypatch):
    """Nothing that a command calls may put another hook in the place of ours."""
    monkeypatch.setattr(sys, "excepthook", app.confess)
    monkeypatch.setattr("dotsbook.production.session.narration_of", faulty)
    with pytest.raises(KeyError):
        app.run(["plan", str(shell.folder)])
    assert sys.excepthook is app.confess


@pytest.mark.parametrize("room", [True, False])
def test_a_confession_needs_no_room(tmp_path, capsys, monkeypatch, room):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path if room else tmp_path / "gone"))
    app.confess(KeyError, KeyError("x"), None)
    said = capsys.readouterr().err
    assert "did not foresee (KeyError: 'x')" in said
    assert len(list(tmp_path.iterdir())) == room and ("what stands above" in said) == (not room)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), KeyboardInterrupt(), OSError(24, "Too many open files"), FileNotFoundError(2, "No such")],
)
def test_what_the_system_refuses_is_a_sentence(shell, monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr("dotsbook.production.session.narration_of", refuse)
    said = shell("plan", "@", code=130 if isinstance(error, KeyboardInterrupt) else 1)
    assert "again" in said or "goes on" in said


def test_an_output_that_knows_no_unicode(shell):
    """Letters become escapes, JSON stays JSON."""
    ascii_ = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*DOTSBOOK, "plan", str(shell.folder), "--text"],
        env=ascii_,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "\\xab On y va" in done.stdout, done.stderr


def test_json_for_an_output_that_knows_no_unicode(tmp_path, monkeypatch):
    for encoding, name in (("ascii", "übung"), ("utf-8", "b\udcfcch")):
        with open(tmp_path / "out", "w", encoding=encoding) as out:
            monkeypatch.setattr(sys, "stdout", out)
            console.emit({"name": name})
        assert json.loads((tmp_path / "out").read_text()) == {"name": name}


def test_an_output_that_is_closed(shell):
    words = 'exec "$0" -m dotsbook status "$1" --json >&- 2>&-'
    assert (
        subprocess.run(["/bin/sh", "-c", words, sys.executable, str(shell.folder)], check=False).returncode
        == 0
    )


SLOW = """
import builtins, time
from dotsbook import cli
load = builtins.__import__
def slow(name, *more):
    if name == "dotsbook.cli" and more[2] == ("app",):
        print(flush=True)
        time.sleep(60)
    return load(name, *more)
builtins.__import__ = slow
cli.main()
"""


def test_ctrl_c_while_it_starts():
    """Before anything has begun there is nothing to say."""
    heard = partial(
        signal.signal, signal.SIGINT, signal.SIG_DFL
    )  # though the shell that began the tests had it ignored
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heard,
    )
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=100)[1]
    assert process.returncode == -signal.SIGINT and not said
