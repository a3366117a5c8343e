"""The Docker engine of this machine, by its own command line."""

import subprocess
from functools import cache

MISSING = "these tests need a Docker engine that runs (apt install docker.io): docker info says"


def docker(*words: str, within: float = 900) -> str:
    """Returns what the command prints; where it fails, that is in the error."""
    done = subprocess.run(
        ["docker", *words],
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )
    assert done.returncode == 0, f"docker {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout


def missing() -> str | None:
    """Returns why nothing can be run here; None where it can."""
    try:
        done = subprocess.run(["docker", "info"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{MISSING} {error.strerror}"
    return f"{MISSING} {done.stderr.strip()}" if done.returncode else None


def has(image: str) -> bool:
    """Tells whether the image is on this machine."""
    command = ["docker", "image", "inspect", image]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def pulled(image: str) -> bool:
    """Tells whether the image is here by now."""
    if has(image):
        return True
    command = ["docker", "pull", "--quiet", image]
    return subprocess.run(command, capture_output=True, timeout=600, check=False).returncode == 0


@cache
def compressed_size(image: str) -> int:
    """Returns how many bytes the image has when it is packed as a registry packs it."""
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saving:
        packed = subprocess.run(
            ["sh", "-c", "gzip -c | wc -c"], stdin=saving.stdout, capture_output=True, check=True
        )
    return int(packed.stdout)
