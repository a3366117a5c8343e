"""Nobody makes us call what is not meant for us."""

import httpcore
import pytest

from services.intake.outgoing.domain import is_endpoint
from services.intake.outgoing.reachable import Forbidden, Reachable


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://hooks.example.com/notyet?team=1", True),
        ("https://hooks.example.com:8443", True),
        ("http://127.0.0.1:8000/hook", True),
        ("http://localhost/hook", True),
        ("http://[::1]/hook", True),
        ("http://hooks.example.com", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example.com", False),
        ("https://user:secret@hooks.example.com", False),
        ("https://hooks.example.com/#a", False),
        ("https://hooks.example.com/a b", False),
        ("https://hooks.example.com/\r\nx: y", False),
        ("https://", False),
        ("https://hooks.example.com:port", False),
        ("ftp://hooks.example.com", False),
        ("file:///etc/passwd", False),
        ("https://h.example/" + "x" * 1000, False),
    ],
)
def test_calls_go_by_tls_or_stay_on_this_machine(url: str, fits: bool) -> None:
    assert is_endpoint(url) is fits


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("hooks.example.com", "93.184.216.34", True),
        ("hooks.example.com", "2606:2800:220:1::1", True),
        ("hooks.example.com", "10.1.2.3", False),
        ("hooks.example.com", "172.16.0.1", False),
        ("hooks.example.com", "192.168.1.1", False),
        ("hooks.example.com", "169.254.169.254", False),
        ("hooks.example.com", "100.64.0.1", False),
        ("hooks.example.com", "0.0.0.0", False),
        ("hooks.example.com", "127.0.0.1", False),
        ("hooks.example.com", "::1", False),
        ("hooks.example.com", "::ffff:10.0.0.1", False),
        ("hooks.example.com", "::ffff:169.254.169.254", False),
        ("hooks.example.com", "fd00::1", False),
        ("hooks.example.com", "fe80::1", False),
        ("hooks.example.com", "224.0.0.1", False),
        ("hooks.example.com", "192.0.0.192", False),
        ("hooks.example.com", "168.63.129.16", False),
        ("hooks.example.com", "64:ff9b::a9fe:a9fe", False),
        ("hooks.example.com", "64:ff9b::7f00:1", False),
        ("hooks.example.com", "2002:a9fe:a9fe::", False),
        ("hooks.example.com", "::a9fe:a9fe", False),
        ("hooks.example.com", "::ffff:0:a9fe:a9fe", False),
        ("hooks.example.com", "fec0::1", False),
        ("hooks.example.com", "10.9.0.7", True),
        ("hooks.example.com", "::ffff:10.9.0.7", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "::1", True),
    ],
)
def test_no_private_address_is_called_unless_it_is_allowed(
    host: str,
    address: str,
    allowed: bool,
) -> None:
    assert Reachable(["10.9.0.0/16"]).allows(host, address) is allowed


async def test_a_name_that_is_this_machine_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(httpcore.ConnectError, match="not known"):
        await Reachable([]).connect_tcp("no-such-host.invalid", 80)
    monkeypatch.setattr("services.intake.outgoing.reachable.is_loopback", lambda _: False)
    with pytest.raises(Forbidden, match="NOTYET_WEBHOOK_NETWORKS"):
        await Reachable([]).connect_tcp("localhost", 80)
