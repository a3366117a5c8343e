"""Makes certificates for servers of one's own, once: what is there already stays.

    python -m shared.runtime.new_certificates DIRECTORY HOST...

Each host has a folder with `tls.crt`, `tls.key`, and `tls.pem` with both of them; whoever asks one
of them who it is believes `authority/ca.pem`. The authority's own key is kept nowhere, so to have
new certificates, delete them all. A platform's own authority takes the place of this.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_LASTS = timedelta(days=3650)
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True)
class Certified:
    """What somebody proves by who they are, in PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """An authority of one's own, which lives as long as this object."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        usage = {
            name: name in ("key_cert_sign", "crl_sign")
            for name in (
                *("digital_signature", "content_commitment", "key_encipherment"),
                *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
                *("encipher_only", "decipher_only"),
            )
        }
        self._certificate = (
            self._about("authority", self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """What whoever believes this authority is given."""
        return self._certificate.public_bytes(Encoding.PEM)

    def certify(self, name: str, *hosts: str) -> Certified:
        """Returns a certificate of that name for servers at those hosts, or for a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = self._about(name, key).add_extension(authority, critical=False)
        if hosts:
            names = x509.SubjectAlternativeName([_host(host) for host in hosts])
            certificate = certificate.add_extension(names, critical=False)
        return Certified(
            certificate.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM),
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )

    def _about(self, name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now, public = datetime.now(UTC), key.public_key()
        identifier = x509.SubjectKeyIdentifier.from_public_key(public)
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named("authority"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _CLOCKS_DIFFER)
            .not_valid_after(now + _LASTS)
            .add_extension(identifier, critical=False)
        )


def make(directory: Path, hosts: Sequence[str]) -> None:
    """Writes all of them, each key readable by its owner alone, unless there is an authority."""
    believed = directory / "authority" / "ca.pem"
    if believed.exists():
        return
    authority = Authority()
    for host in hosts:
        made, folder = authority.certify(host, host), directory / host
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tls.crt").write_bytes(made.certificate)
        _write_secret(folder / "tls.key", made.key)
        _write_secret(folder / "tls.pem", made.key + made.certificate)
    believed.parent.mkdir(parents=True, exist_ok=True)
    believed.write_bytes(authority.certificate)


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2:])
