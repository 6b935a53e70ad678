"""The Docker Compose file of docs/: what it starts is what this program has. It is not run here."""

import re
import shlex

import yaml
from typer.main import get_command

from dotsbook.cli.app import app
from tests.tree import ROOT

FILE = yaml.safe_load((ROOT / "docs" / "compose.cluster.yaml").read_text("utf-8"))
SERVICE = {
    "image",
    "command",
    "environment",
    "volumes",
    "ports",
    "depends_on",
    "restart",
    "deploy",
}  # Compose's own words


def test_it_has_a_scheduler_and_two_workers():
    services = FILE["services"]
    assert set(services) == {"scheduler", "worker"} and set(FILE) == {
        "name",
        "x-dotsbook",
        "services",
        "volumes",
    }
    for service in services.values():
        assert set(service) <= SERVICE and isinstance(service["command"], str)
        assert all(volume.partition(":")[0] in FILE["volumes"] for volume in service["volumes"])
    assert services["worker"]["deploy"]["replicas"] == 2 and services["worker"]["depends_on"] == ["scheduler"]
    assert all(port.startswith("127.0.0.1:") for port in services["scheduler"]["ports"])


def test_its_worker_is_a_command_of_this_program():
    [shell, flag, script] = shlex.split(FILE["services"]["worker"]["command"])
    name, *words = shlex.split(re.search(r"dotsbook (worker .*)", script)[1])
    command = get_command(app).commands[name]
    found = command.make_context(name, list(words)).params
    assert (shell, flag) == ("sh", "-c")
    assert found["address"] == "tcp://scheduler:8786" and found["fetch"] and found["memory"] == 8.0
