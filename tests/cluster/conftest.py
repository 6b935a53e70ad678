"""A small book in a folder of its own, and a cluster under a name."""

from pathlib import Path

import pytest

from dotsbook.cluster.cluster_address import ClusterAddress
from tests.cluster.ferry_book import make


@pytest.fixture
def ferry(tmp_path) -> Path:
    return make(tmp_path / "ferry")


@pytest.fixture
def cluster_at(monkeypatch):
    """Makes `--cluster tcp://test` mean a cluster of this process."""

    def put(cluster) -> str:
        address = ClusterAddress(cluster.scheduler_address, "127.0.0.1")
        monkeypatch.setattr("dotsbook.cluster.cluster_address.address_of", lambda text: address)
        return "tcp://test"

    return put
