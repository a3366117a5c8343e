"""The certificates by which Kafka clients know their broker and prove who they are.

What OpenSSL says of files that are of no use is mostly the same two words, so they are looked into.
"""

import ssl
from pathlib import Path

CA_FILE = "NOTYET_KAFKA_SSL_CA_FILE"
CERT_FILE = "NOTYET_KAFKA_SSL_CERT_FILE"
KEY_FILE = "NOTYET_KAFKA_SSL_KEY_FILE"
KEY_PASSWORD = "NOTYET_KAFKA_SSL_KEY_PASSWORD"  # noqa: S105 - the name of one

_CERTIFICATE = "CERTIFICATE"
_KEY = "PRIVATE KEY"


def trust(
    ca_file: Path | None, cert_file: Path | None, key_file: Path | None, password: str | None
) -> ssl.SSLContext:
    """Returns what TLS connections are made with; without a CA the system's authorities count.

    Raises ValueError, which names the setting and says what to do, where a file is of no use.
    """
    if ca_file:
        _read(CA_FILE, ca_file, _CERTIFICATE)
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise ValueError(f"{CA_FILE} names {ca_file}, which is damaged: fetch it anew") from None
    if cert_file:
        _load_own(context, cert_file, key_file, password or "")
    return context


def _load_own(
    context: ssl.SSLContext, cert_file: Path, key_file: Path | None, password: str
) -> None:
    _read(CERT_FILE, cert_file, _CERTIFICATE)
    key_variable, key_path = (KEY_FILE, key_file) if key_file else (CERT_FILE, cert_file)
    locked = b"ENCRYPTED" in _read(key_variable, key_path, _KEY)
    try:
        # Without any, OpenSSL would ask for the password of a locked key at the terminal.
        context.load_cert_chain(cert_file, key_path, password)
    except (ssl.SSLError, ValueError) as error:  # ValueError: a password of over a thousand bytes
        if getattr(error, "reason", None) == "KEY_VALUES_MISMATCH":
            reason = f"the key in {key_path} is not that of the certificate in {cert_file}"
        elif locked and not password:
            reason = f"the key in {key_path} is locked: set {KEY_PASSWORD}"
        elif locked:
            reason = f"{KEY_PASSWORD} does not open the key in {key_path}: correct it"
        else:
            reason = f"{cert_file} or {key_path} is damaged: fetch both anew"
        raise ValueError(reason) from None


def _read(variable: str, path: Path, kind: str) -> bytes:
    """Returns what a file holds that should hold something of a kind in PEM format."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{variable} names {path}: {error.strerror}") from None
    if f"{kind}-----".encode() not in content:
        raise ValueError(
            f"{variable} names {path}, which holds no {kind.lower()} in PEM format"
            f" (-----BEGIN {kind}-----): convert it with openssl, or name another file"
        )
    return content
