"""Each file that is of no use is named by its setting, with what is wrong and what to do."""

from pathlib import Path

import pytest
import typer
from cryptography.hazmat.primitives import serialization

from shared.runtime.command_line import configured
from shared.runtime.kafka_certificates import trust
from shared.runtime.kafka_settings import KafkaSettings
from tests.secured_broker import write_certificates

PEM = "-----BEGIN {0}-----\nAAAA\n-----END {0}-----\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds an authority, a certificate with its key, the same key locked, and what is no use."""
    directory = tmp_path_factory.mktemp("certificates")
    write_certificates(directory, ("a",))
    key = serialization.load_pem_private_key((directory / "a.key").read_bytes(), None)
    (directory / "locked.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"right"),
        )
    )
    (directory / "binary").write_bytes(b"\x30\x82\xff")
    (directory / "empty").touch()
    (directory / "damaged.pem").write_text(PEM.format("CERTIFICATE"))
    (directory / "damaged.key").write_text(PEM.format("PRIVATE KEY"))
    return directory


@pytest.mark.parametrize(
    ("ca", "cert", "key", "password", "told"),
    [
        ("none", None, None, None, "CA_FILE names .*/none: No such file or directory"),
        ("binary", None, None, None, "CA_FILE .* holds no certificate in PEM format"),
        ("empty", None, None, None, "CA_FILE .* holds no certificate in PEM format"),
        ("damaged.pem", None, None, None, "CA_FILE .* is damaged: fetch it anew"),
        ("ca.pem", "none", "a.key", None, "CERT_FILE names .*/none: No such file"),
        ("ca.pem", "binary", "a.key", None, "CERT_FILE .* holds no certificate in PEM"),
        ("ca.pem", "a.pem", None, None, "CERT_FILE .* holds no private key in PEM"),
        ("ca.pem", "a.pem", "none", None, "KEY_FILE names .*/none: No such file"),
        ("ca.pem", "a.pem", ".", None, "KEY_FILE names .*: Is a directory"),
        ("ca.pem", "a.pem", "binary", None, "KEY_FILE .* holds no private key in PEM format"),
        ("ca.pem", "a.pem", "locked.key", None, "locked: set NOTYET_KAFKA_SSL_KEY_PASSWORD"),
        ("ca.pem", "a.pem", "locked.key", "wrong", "KEY_PASSWORD does not open the key in .*/lock"),
        ("ca.pem", "a.pem", "locked.key", "x" * 2000, "KEY_PASSWORD does not open the key"),
        ("ca.pem", "a.pem", "broker.key", None, "broker.key is not that of the certificate in"),
        ("ca.pem", "a.pem", "damaged.key", None, "damaged.key is damaged: fetch both anew"),
    ],
)
def test_what_is_of_no_use_is_told_with_what_to_do(
    files: Path, ca: str, cert: str | None, key: str | None, password: str | None, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        trust(files / ca, files / cert if cert else None, files / key if key else None, password)


def test_a_locked_key_is_opened_and_one_file_may_hold_both(files: Path) -> None:
    trust(None, files / "a.pem", files / "locked.key", "right")
    trust(files / "ca.pem", files / "a.both", None, None)


def test_a_name_in_brackets_is_told_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        configured(
            KafkaSettings,
            kafka_bootstrap_servers="a:1",
            kafka_security_protocol="SSL",
            kafka_ssl_ca_file=tmp_path / "[red]",
        )
    assert "[red]: No such file or directory" in capsys.readouterr().err


def test_a_secret_that_is_no_text_is_one_line(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTYET_KAFKA_SASL_PASSWORD_FILE", str(files / "binary"))
    with pytest.raises(typer.Exit):
        configured(KafkaSettings)
    told = capsys.readouterr().err
    assert told.endswith("/binary: it holds no text in UTF-8\n")
