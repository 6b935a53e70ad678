"""What stands after `--cluster`."""

import pytest

from dotsbook.cluster import cluster_address
from dotsbook.cluster.cluster_address import ClusterError, address_of, require_dask


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("tcp://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        ("tcp://studio.local", "tcp://studio.local:8786"),
        ("tls://studio.local:9000", "tls://studio.local:9000"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_a_scheduler(text, means):
    assert address_of(text).text == means


def test_processes_here():
    assert address_of("local:4").processes == 4


@pytest.mark.parametrize(
    "text", ["", "local", "local:0", "local:x", "tcp://", "tcp://a:b", "http://a:1", "a:8786"]
)
def test_none(text):
    with pytest.raises(ClusterError, match="is no cluster"):
        address_of(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tcp://10.0.0.5:8786", True),
        ("tls://10.0.0.5:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("local:2", False),
    ],
)
def test_plain_tcp_beyond_this_machine_is_said(text, told):
    assert bool(address_of(text).in_the_open) is told


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(cluster_address, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match=r'pip install "dotsbook\[cluster\]"') as caught:
        require_dask()
    assert caught.value.exit_code == 1
