"""A real API server on a real etcd, with nobody behind it.

What it is given is checked, admitted and kept as in any cluster; but no controller makes anything
of it, and no pod runs.
"""

import json
import os
import secrets
import shutil
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from deploy.local.child import CannotStart, Child
from deploy.local.ports import HOST, free_ports
from tests.cluster import program

TEAM = "team"
"""Somebody with the rights of `admin` in some namespaces, and none beyond."""

_READY_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class ApiServer:
    """Where it answers, and as whom."""

    url: str
    directory: Path
    tokens: dict[str, str]

    def client(self, user: str = "root") -> httpx.Client:
        headers = {"authorization": f"Bearer {self.tokens[user]}"}
        trusted = ssl.create_default_context(cafile=self._authority)
        return httpx.Client(
            base_url=self.url, headers=headers, verify=trusted, timeout=60, trust_env=False
        )

    def environment(self, user: str, namespace: str) -> dict[str, str]:
        """Returns what Helm and kubectl are somebody by, and where they keep nothing of ours."""
        config = self.directory / f"{user}-{namespace}.json"
        config.write_text(json.dumps(self._config(user, namespace)))
        homes = {
            f"HELM_{kind}_HOME": str(self.directory / "helm" / kind.lower())
            for kind in ("CACHE", "CONFIG", "DATA")
        }
        home = {"PATH": os.environ["PATH"], "HOME": str(self.directory)}
        return {**home, **homes, "KUBECONFIG": str(config)}

    @property
    def _authority(self) -> str:
        return str(self.directory / "certificates" / "apiserver.crt")

    def _config(self, user: str, namespace: str) -> dict[str, object]:
        cluster = {"server": self.url, "certificate-authority": self._authority}
        context = {"cluster": "here", "user": user, "namespace": namespace}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "here", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "here", "context": context}],
            "current-context": "here",
        }


def missing() -> str | None:
    """Returns what it would need on this machine; None where it can run."""
    if not program.path().exists():
        return "kube-apiserver is not built: make apiserver"
    if not shutil.which("etcd"):
        return "etcd is missing: apt install etcd-server"
    return None


@contextmanager
def api_server(directory: Path) -> Iterator[ApiServer]:
    """Runs one that keeps what it is given in a directory; raises CannotStart."""
    store, peers, port = free_ports(3)
    tokens = {user: secrets.token_hex(16) for user in ("root", TEAM)}
    _write_identities(directory, tokens)
    server = ApiServer(f"https://{HOST}:{port}", directory, tokens)
    etcd = Child("etcd", _etcd(directory, store, peers), directory / "etcd.log")
    kube = Child(
        "kube-apiserver", _kube_apiserver(directory, store, port), directory / "apiserver.log"
    )
    try:
        etcd.spawn()
        kube.spawn()
        _wait_ready(server, etcd, kube)
        yield server
    finally:
        kube.stop()
        etcd.stop()


def _etcd(directory: Path, port: int, peers: int) -> list[str]:
    here = f"http://{HOST}:{port}"
    return [
        *("etcd", "--data-dir", str(directory / "etcd"), "--unsafe-no-fsync"),
        *("--listen-client-urls", here, "--advertise-client-urls", here),
        *("--listen-peer-urls", f"http://{HOST}:{peers}"),
    ]


def _kube_apiserver(directory: Path, store: int, port: int) -> list[str]:
    return [
        str(program.path()),
        f"--etcd-servers=http://{HOST}:{store}",
        f"--bind-address={HOST}",
        f"--secure-port={port}",
        f"--cert-dir={directory / 'certificates'}",
        f"--token-auth-file={directory / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={directory / 'accounts.key'}",
        f"--service-account-signing-key-file={directory / 'accounts.key'}",
    ]


def _write_identities(directory: Path, tokens: dict[str, str]) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    (directory / "accounts.key").write_bytes(pem)
    groups = {"root": "system:masters", TEAM: ""}
    lines = [f"{token},{user},{user},{groups[user]}" for user, token in tokens.items()]
    (directory / "tokens.csv").write_text("\n".join(lines))


def _wait_ready(server: ApiServer, *children: Child) -> None:
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < until:
        for child in children:
            if child.exit_code is not None:
                raise CannotStart(f"{child.name}: {child.last_error()}")
        if _is_ready(server):
            return
        time.sleep(0.2)
    raise CannotStart("kube-apiserver takes too long to start")


def _is_ready(server: ApiServer) -> bool:
    try:
        with server.client() as client:
            return client.get("/readyz").status_code == 200
    except (httpx.TransportError, OSError):  # its certificate is not written yet
        return False
