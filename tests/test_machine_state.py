"""What slows a machine, from what its system says."""

from dotsbook.machine_state import MachineState, state_of_a_mac, state_of_linux

BATTERY = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t71%; discharging; 4:12 remaining"
SETTINGS = (
    "System-wide power settings:\nCurrently in use:\n standby              1\n lowpowermode         1\n"
)
SWAP = "total = 4096.00M  used = 3140.25M  free = 955.75M  (encrypted)"


def test_a_mac_on_battery():
    state = state_of_a_mac(BATTERY, SETTINGS, SWAP)
    assert state == MachineState(True, True, 3_292_790_784)
    assert state.slowing() == ["on battery", "in low-power mode", "3.3 GB swapped out"]


def test_a_mac_at_its_best():
    plugged = state_of_a_mac(
        "Now drawing from 'AC Power'", " lowpowermode         0", "total = 0.00M  used = 0.00M"
    )
    assert plugged == MachineState(False, False, 0) and not plugged.slowing()


def test_a_mac_that_says_nothing():
    assert state_of_a_mac("", "", "") == MachineState(None, None, None)


def test_linux(tmp_path):
    assert state_of_linux(tmp_path) == MachineState(None, None, None)
    for name, text in (
        ("sys/class/power_supply/AC/online", "0"),
        ("sys/firmware/acpi/platform_profile", "low-power"),
        ("proc/meminfo", "MemTotal: 100 kB\nSwapTotal:  4000000 kB\nSwapFree:   1000000 kB\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert state_of_linux(tmp_path) == MachineState(True, True, 3_000_000 * 1024)
