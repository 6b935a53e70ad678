"""TLS by dask's own settings: one configuration for scheduler, workers and client, and a plain `dask worker` among them."""

import subprocess
import sys
from pathlib import Path

import dask
import pytest
from distributed import Security

from dotsbook.cluster.cluster_address import ClusterError
from tests.cluster.ferry_book import make, rendered, takes, within


@pytest.fixture
def certificates(tmp_path) -> Path:
    """ca.pem, cert.pem and key.pem in a folder, made as docs/cluster.md makes them."""
    folder = tmp_path / "tls"
    folder.mkdir()
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
    ]
    names = ["-subj", "/CN=dotsbook", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*made, *names], cwd=folder, check=True, capture_output=True)
    (folder / "ca.pem").write_text((folder / "cert.pem").read_text())
    return folder


@pytest.fixture
def settings(certificates):
    own = {"cert": str(certificates / "cert.pem"), "key": str(certificates / "key.pem")}
    tls = {"ca-file": str(certificates / "ca.pem"), **dict.fromkeys(("scheduler", "worker", "client"), own)}
    with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}):
        yield


def test_without_certificates_it_is_a_sentence(ferry):
    with pytest.raises(ClusterError, match="certificates.*docs/cluster.md"):
        rendered(ferry, "tls://127.0.0.1:9")


def test_a_plain_dask_worker_by_its_own_options(tmp_path, certificates, settings, monkeypatch):
    alone, folder = make(tmp_path / "alone"), make(tmp_path / "ferry")
    rendered(alone)
    options = [
        word
        for name in ("ca-file", "cert", "key")
        for word in (f"--tls-{name}", str(certificates / f"{name.removesuffix('-file')}.pem"))
    ]
    with within(0, protocol="tls://", host="127.0.0.1", security=Security()) as cluster:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.scheduler_address, *options]
        command += ["--resources", "VOICE=1", "--nthreads", "1", "--no-dashboard"]
        worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
        try:
            rendered(folder, cluster.scheduler_address)
        finally:
            worker.terminate()
            worker.wait(30)
    assert takes(folder) == takes(alone)
