import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import babel
import pytest

from services.intake.privacy.domain.peoples import LANGUAGES
from tests.databases import SERVICES

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/docker/Dockerfile").read_text()

_IMPORT_WITH_LOCKED_PACKAGES_ALONE = """
import importlib.metadata, sys
from importlib.abc import MetaPathFinder

class OnlyLocked(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        owners = packages.get(name.partition(".")[0], [])
        if owners and not any(normal(owner) in locked for owner in owners):
            raise ModuleNotFoundError(f"{name} is not in this image", name=name)

normal = lambda name: name.lower().replace("_", "-").replace(".", "-")
packages = importlib.metadata.packages_distributions()
locked = {normal(name) for name in sys.argv[2:]} | {"notyet", "setuptools"}
sys.meta_path.insert(0, OnlyLocked())
sys.path.insert(0, ".")
__import__(f"services.{sys.argv[1]}.__main__")
"""


def image_tree(service: str, directory: Path) -> None:
    """Copies what the Dockerfile's stages for that service copy out of the checkout."""
    stage = DOCKERFILE.split(f"AS {service}-made\n")[1].split("FROM")[0]
    for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", stage, re.MULTILINE):
        wanted, place = ROOT / source, directory / target
        if wanted.is_dir():
            shutil.copytree(wanted, place)
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(wanted, place)


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_all_that_its_service_imports_and_no_other_service(
    service: str, tmp_path: Path
) -> None:
    image_tree(service, tmp_path)
    assert {path.name for path in (tmp_path / "services").iterdir() if path.is_dir()} == {service}
    lock = (ROOT / f"deploy/locks/{service}.txt").read_text()
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-P", "-c", _IMPORT_WITH_LOCKED_PACKAGES_ALONE, service, *locked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_says_what_it_is(service: str) -> None:
    stage = DOCKERFILE.split(f"FROM runtime AS {service}\n")[1].split("FROM")[0]
    assert f'LABEL org.opencontainers.image.title="Not Yet: {service}"' in stage


def test_nobody_uses_what_an_image_leaves_out_of_a_package() -> None:
    script = (ROOT / "deploy/docker/install.sh").read_text()
    readers = {"geodata": "geocoder", "carrierdata": "carrier", "tzdata": "timezone"}
    assert set(re.findall(r"phonenumbers/(\w+)", script)) == readers.keys()
    files = [file for room in ("services", "shared") for file in (ROOT / room).rglob("*.py")]
    used = re.compile(rf"phonenumbers(\.| import [^\n]*)\b({'|'.join(readers.values())})\b")
    assert [file for file in files if used.search(file.read_text())] == []


@pytest.mark.parametrize(
    ("service", "words"), [("intake", "pages/locales/yo.toml"), ("notifier", "templates/yo/")]
)
def test_an_image_starts_with_how_dates_are_written_in_the_languages_that_it_has_words_in(
    service: str, words: str, tmp_path: Path
) -> None:
    site = tmp_path / "venv/lib/python3.11/site-packages"
    shutil.copytree(Path(babel.__file__).parent, site / "babel")
    image_tree(service, tmp_path / "app")
    english = tmp_path / "app/services" / service / words.replace("yo", "en")
    (shutil.copytree if english.is_dir() else shutil.copy)(
        english, tmp_path / "app/services" / service / words
    )
    stage = DOCKERFILE.split(f"AS {service}-made\n")[1].split("FROM")[0]
    runs = re.findall(r"^RUN (?!\[)((?:.+\\\n)*.+)$", stage, re.MULTILINE)
    step = runs[-1].replace("/locks", str(ROOT / "deploy/docker")).replace("/opt/notyet", "../venv")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-ec", step], cwd=tmp_path / "app", env=environment, check=True)
    left = {path.stem.partition("_")[0] for path in site.glob("babel/locale-data/*.dat")}
    assert left == {"root", "en", "yo", *(LANGUAGES if service == "intake" else ())}
    start = f"import services.{service}.__main__, services.{service}.app"
    subprocess.run(
        [sys.executable, "-c", start],
        cwd=tmp_path / "app",
        env={**environment, "PYTHONPATH": str(site)},
        check=True,
    )
