import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from shared.runtime.new_certificates import Authority, make


def files(directory: Path) -> dict[str, bytes]:
    found = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)): path.read_bytes() for path in found}


def shake_hands(directory: Path, server: str, *, asked_for: str) -> None:
    """Connects without a network; raises where the client does not believe the server."""
    believing = ssl.create_default_context(cafile=directory / "authority" / "ca.pem")
    believing.verify_flags |= ssl.VERIFY_X509_STRICT
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(directory / server / "tls.crt", directory / server / "tls.key")
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        believing.wrap_bio(back, there, server_hostname=asked_for),
        serving.wrap_bio(there, back, server_side=True),
    ]
    while sides:
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                continue


def test_who_believes_the_authority_believes_a_host_by_its_own_name_alone(tmp_path: Path) -> None:
    make(tmp_path, ["kafka", "127.0.0.1"])
    shake_hands(tmp_path, "kafka", asked_for="kafka")
    shake_hands(tmp_path, "127.0.0.1", asked_for="127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(tmp_path, "kafka", asked_for="postgres")


def test_nobody_else_s_authority_is_believed(tmp_path: Path) -> None:
    make(tmp_path, ["kafka"])
    (tmp_path / "authority" / "ca.pem").write_bytes(Authority().certificate)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tmp_path, "kafka", asked_for="kafka")


def test_keys_are_readable_by_their_owner_alone_and_what_is_there_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shared.runtime.new_certificates", str(tmp_path), "kafka"]
    subprocess.run(command, check=True)
    made = files(tmp_path)
    assert made.keys() == {
        "authority/ca.pem",
        *(f"kafka/tls.{name}" for name in ("crt", "key", "pem")),
    }
    assert made["kafka/tls.pem"] == made["kafka/tls.key"] + made["kafka/tls.crt"]
    for name in ("key", "pem"):
        assert (tmp_path / "kafka" / f"tls.{name}").stat().st_mode & 0o077 == 0
    make(tmp_path, ["kafka", "another"])
    assert files(tmp_path) == made
