"""The published images that the product's stand on or beside; stand-ins where none can be pulled.

A stand-in is made of Debian's packages by mmdebstrap, once, and is named for what it is.
"""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.local import broker
from tests.containers.engine import docker, has, pulled
from tests.docs.pages import ROOT

RECIPES = Path(__file__).with_name("stand_ins")
DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
A_MIRROR_MAY_BE_OLD = ('--aptopt=Acquire::Check-Valid-Until "false"',)
"""What is signed for a week alone, as a release that is being tested, is good for a stand-in."""
NOT_IN_SLIM = ("doc", "groff", "info", "linda", "lintian", "locale", "man")
AS_SLIM = (
    *(f"--dpkgopt=path-exclude=/usr/share/{it}/*" for it in NOT_IN_SLIM),
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
)
"""As Debian's slim images are made. Without the hook, what merges /usr brings Perl along."""


@dataclass(frozen=True)
class Debian:
    """A release of Debian, with packages."""

    suite: str
    packages: str
    is_slim: bool = False

    @property
    def image(self) -> str:
        return f"notyet-stand-in/debian-{self.suite}{'-slim' if self.is_slim else ''}"


SLIM = Debian("bookworm", "usr-is-merged", is_slim=True)
SERVERS = Debian("forky", "python3,postgresql-18,default-jre-headless")
MADE_OF = {"debian": SLIM, "postgres": SERVERS, "kafka": SERVERS, "mailpit": SERVERS}


@cache
def base() -> str:
    """Returns the image that the product's are built on."""
    (published,) = re.findall(r"^ARG DEBIAN=(\S+)$", DOCKERFILE.read_text(), re.MULTILINE)
    return published_or_stand_in(published)


@cache
def published_or_stand_in(image: str) -> str:
    """Returns an image that is on this machine: that one, or what stands in for it."""
    if pulled(image):
        return image
    name = re.sub(r"^.*/|:.*$", "", image)
    stand_in = f"notyet-stand-in/{image.rpartition('/')[2]}"
    # The engine keeps what it has built, for as long as the recipe is the same.
    _build(name, stand_in, _debian(MADE_OF[name]))
    return stand_in


def _build(name: str, tag: str, debian: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        context = Path(directory) / "context"
        shutil.copytree(RECIPES, context)
        shutil.copy(AUTHORITIES, context)
        if name == "kafka":
            broker.fetch_jars()
            shutil.copytree(broker.JARS, context / "libs")
        given = ("--build-arg", f"DEBIAN={debian}", "--target", name, "--tag", tag)
        docker("build", *given, str(context))


def _debian(release: Debian) -> str:
    if not has(release.image):
        with tempfile.TemporaryDirectory() as directory:
            tree = Path(directory) / "root.tar"
            subprocess.run(
                [
                    *("mmdebstrap", "--quiet", "--variant=minbase", *A_MIRROR_MAY_BE_OLD),
                    *(AS_SLIM if release.is_slim else ()),
                    *(f"--include={release.packages}", release.suite, str(tree)),
                ],
                check=True,
            )
            docker("import", str(tree), release.image)
    return release.image
