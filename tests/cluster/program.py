"""Builds kube-apiserver, once, from the Go modules that are pinned.

python -m tests.cluster.program
"""

import os
import re
from pathlib import Path

from tests.chart.tools import GO_MODULES, go_build
from tests.docs.pages import ROOT

PACKAGE = "k8s.io/kubernetes/cmd/kube-apiserver"
_FOLDER = ROOT / ".kubernetes"
_VERSIONS = "k8s.io/component-base/version"


def version() -> str:
    """Returns the version that is pinned, such as v1.37.2."""
    found = re.search(r"k8s\.io/kubernetes (v[0-9.]+)", (GO_MODULES / "go.mod").read_text())
    assert found, "go.mod pins no k8s.io/kubernetes"
    return found[1]


def path() -> Path:
    """Returns where it is once it is built."""
    return _FOLDER / version() / "kube-apiserver"


def build() -> None:
    """Builds it, which takes minutes, unless it is there."""
    if path().exists():
        return
    print(f"Building kube-apiserver {version()}, once, for some minutes ...", flush=True)  # noqa: T201
    major, minor, _ = version().removeprefix("v").split(".")
    said = {"gitVersion": version(), "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    flags = " ".join(f"-X {_VERSIONS}.{name}={value}" for name, value in said.items())
    arriving = path().with_name(f"kube-apiserver.{os.getpid()}")
    # Not optimised: that takes longer than all that is ever asked of it.
    go_build(PACKAGE, arriving, "-gcflags=all=-N -l", "-ldflags", f"-s -w {flags}")
    arriving.rename(path())


if __name__ == "__main__":
    build()
