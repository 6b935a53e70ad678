"""Every scripted fault, through the whole loop with the real checks: caught, named, and healed or reported."""

import faulty


def test_every_fault_is_caught_named_and_healed_or_reported(bench):
    found = faulty.fates(bench, each=3)
    for fault, fate in found.items():
        assert fate.lines == 3 and fate.missed == 0, fault
        assert fate.noticed == 3 and fate.named, fault
        assert (fate.healed, fate.reported) == (2, 1), fault
