"""A process whose engine hangs for good ends all the same, with its sentence."""

import subprocess
import sys
import time

CODE = """
import sys, threading, time
from dotsbook.cli import app
from dotsbook.errors import Hung

def stuck():
    raise Hung("The voice engine has said nothing for too long.")

app.app.command("stuck")(stuck)
threading.Thread(target=time.sleep, args=(600,)).start()   # as a library below an engine may hold the process
sys.argv = ["dotsbook", "stuck"]
app.main()
"""


def test_a_hung_engine_does_not_hold_the_process_up():
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert "said nothing for too long" in done.stderr
    assert time.monotonic() - start < 90
