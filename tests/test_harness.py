"""The watch-dogs of tests/conftest.py bite."""

import socket

import pytest

from tests.conftest import NetworkBlocked

DOCUMENTATION_ADDRESS = "192.0.2.1"  # RFC 5737: belongs to nobody


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
@pytest.mark.parametrize("host", [DOCUMENTATION_ADDRESS, "lupplan.example"])
def test_no_connection_leaves_the_machine(method: str, host: str) -> None:
    with socket.socket() as client, pytest.raises(NetworkBlocked, match=host):
        getattr(client, method)((host, 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
