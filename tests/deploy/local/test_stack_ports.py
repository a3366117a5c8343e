import socket

import pytest

from deploy.local.child import CannotStart
from deploy.local.stack_ports import Ports, resolved


def test_ports_that_nobody_asked_for_are_free_and_all_different() -> None:
    ports = resolved(Ports()).taken()
    assert len(set(ports)) == len(ports)
    assert all(ports)


def test_a_port_that_is_taken_is_named_with_the_option_that_moves_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} is taken.*--sink-port"):
            resolved(Ports(sink=port))
