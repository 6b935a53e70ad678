"""What state this machine is in that slows long work: on battery, in low-power mode, swapping. None where it can't be told."""

import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dotsbook.wording import size

LEAST_SWAP = 1 << 30  # bytes; a little is swapped out on any machine


@dataclass(frozen=True)
class MachineState:
    on_battery: bool | None
    low_power: bool | None  # the user asked the machine to save power
    swapped: int | None  # bytes of memory that lie on disk

    def slowing(self) -> list[str]:
        """What of it slows long work, in words."""
        found = ["on battery"] if self.on_battery else []
        found += ["in low-power mode"] if self.low_power else []
        swapped = self.swapped or 0
        return found + ([f"{size(swapped)} swapped out"] if swapped > LEAST_SWAP else [])


def machine_state() -> MachineState:
    if sys.platform == "darwin":
        return state_of_a_mac(
            said("/usr/bin/pmset", "-g", "batt"),
            said("/usr/bin/pmset", "-g"),
            said("/usr/sbin/sysctl", "-n", "vm.swapusage"),
        )
    return state_of_linux(Path("/"))


def state_of_a_mac(batteries: str, settings: str, swap: str) -> MachineState:
    """From what `pmset -g batt`, `pmset -g` and `sysctl -n vm.swapusage` print."""
    low = re.search(r"^\s*lowpowermode\s+(\d)", settings, re.MULTILINE)
    used = re.search(r"used = ([\d.,]+)M", swap)
    return MachineState(
        "Battery Power" in batteries if "drawing from" in batteries else None,
        low[1] == "1" if low else None,
        round(float(used[1].replace(",", ".")) * 2**20) if used else None,
    )


def state_of_linux(root: Path) -> MachineState:
    """From /sys/class/power_supply, the platform's profile and /proc/meminfo."""
    mains = [read(file) for file in sorted(root.glob("sys/class/power_supply/*/online"))]
    profile = read(root / "sys/firmware/acpi/platform_profile")
    amounts = dict(re.findall(r"^(\w+):\s+(\d+) kB", read(root / "proc/meminfo"), re.MULTILINE))
    swapped = None
    if {"SwapTotal", "SwapFree"} <= amounts.keys():
        swapped = (int(amounts["SwapTotal"]) - int(amounts["SwapFree"])) * 1024
    return MachineState(
        all(one == "0" for one in mains) if mains else None,
        profile == "low-power" if profile else None,
        swapped,
    )


def said(*command: str) -> str:
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
        return done.stdout.strip()
    return ""


def read(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text("ascii").strip()
    return ""
