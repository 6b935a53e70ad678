"""What this process may use: a machine's figures, and the lesser ones of the control groups it is in."""

import os
import subprocess
import sys

import pytest

from dotsbook import machine

GIB = 2**30
MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def put(root, files: dict[str, str]):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


V2 = {
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
    "proc/self/cgroup": "0::/user.slice/job.service\n",
}
V1 = {
    "proc/self/mountinfo": "33 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    "36 30 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
    "proc/self/cgroup": "5:cpu,cpuacct:/batch/7\n3:memory:/batch/7\n1:name=systemd:/\n",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, MACHINE),
        (V2 | {"sys/fs/cgroup/user.slice/job.service/memory.max": "max\n"}, MACHINE),
        (V2 | {"sys/fs/cgroup/user.slice/job.service/memory.max": f"{GIB}\n"}, GIB),
        (V2 | {"sys/fs/cgroup/user.slice/memory.max": f"{GIB // 2}\n"}, GIB // 2),
        (
            V2
            | {
                "sys/fs/cgroup/user.slice/job.service/memory.max": f"{GIB}\n",
                "sys/fs/cgroup/user.slice/job.service/memory.high": f"{GIB // 4}\n",
            },
            GIB // 4,
        ),
        (V2 | {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{GIB}\n"}, GIB),  # in a container
        (V2 | {"sys/fs/cgroup/user.slice/memory.max": "nonsense\n"}, MACHINE),
        (V1 | {"sys/fs/cgroup/memory/batch/7/memory.limit_in_bytes": f"{GIB}\n"}, GIB),
        (V1 | {"sys/fs/cgroup/memory/batch/memory.limit_in_bytes": f"{GIB}\n"}, GIB),
        (V1 | {"sys/fs/cgroup/memory/batch/7/memory.limit_in_bytes": "9223372036854771712\n"}, MACHINE),
        (  # a container that sees the host's names for its groups
            {
                "proc/self/mountinfo": "36 30 0:33 /docker/ab12 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
                "proc/self/cgroup": "3:memory:/docker/ab12\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{GIB}\n",
            },
            GIB,
        ),
    ],
)
def test_memory_is_what_the_control_groups_leave(tmp_path, files, expected):
    assert machine.memory_bytes(put(tmp_path, files)) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),
        (V2 | {"sys/fs/cgroup/user.slice/job.service/cpu.max": "max 100000\n"}, 8),
        (V2 | {"sys/fs/cgroup/user.slice/job.service/cpu.max": "200000 100000\n"}, 2),
        (V2 | {"sys/fs/cgroup/user.slice/cpu.max": "150000 100000\n"}, 2),
        (V2 | {"sys/fs/cgroup/user.slice/cpu.max": "1000 100000\n"}, 1),
        (V2 | {"sys/fs/cgroup/user.slice/cpu.max": "6400000 100000\n"}, 8),
        (
            V1
            | {
                "sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_quota_us": "300000\n",
                "sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_period_us": "100000\n",
            },
            3,
        ),
        (
            V1
            | {
                "sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/batch/7/cpu.cfs_period_us": "100000\n",
            },
            8,
        ),
    ],
)
def test_cores_are_what_the_control_groups_leave(tmp_path, monkeypatch, files, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    assert machine.cores(put(tmp_path, files)) == expected


def test_cores_without_an_affinity(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine.cores(tmp_path) == 1


def test_this_machine_has_some_of_both():
    assert 2**20 < machine.memory_bytes() <= MACHINE
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["render"]])
def test_a_system_without_file_locks_gets_a_sentence(arguments):
    """As on Windows, where Python has no fcntl."""
    code = f"import sys; sys.modules['fcntl'] = None; sys.argv[1:] = {arguments}; from dotsbook.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and not done.stdout
    assert "needs macOS or Linux" in done.stderr and "WSL" in done.stderr and "Traceback" not in done.stderr


def test_python_users_get_the_same_sentence():
    code = "import sys; sys.modules['fcntl'] = None; import dotsbook; dotsbook.open('mybook')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "DotsbookError: dotsbook needs macOS or Linux" in done.stderr
