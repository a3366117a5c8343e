"""Looks at a release with somebody's own values as `make chart` looks at the examples.

python -m tests.chart.look my-values.yaml
"""

import sys
from pathlib import Path

from tests.chart.checks import OF_EXAMPLES, complaints
from tests.chart.release import Refused, Release, rendered
from tests.chart.schemas import NEWEST, OLDEST, against_kubernetes, against_operators


def troubles(values: Path) -> list[str]:
    """Returns what is wrong, of all that can be told without the cluster and its Secrets."""
    try:
        release = rendered(values)
    except Refused as reason:
        return str(reason).splitlines()
    return [*complaints(release, without=OF_EXAMPLES), *_not_taken(release)]


def _not_taken(release: Release) -> list[str]:
    kubernetes = [
        line for version in (OLDEST, NEWEST) for line in against_kubernetes(release, version)
    ]
    return [*dict.fromkeys(kubernetes), *against_operators(release)]


if __name__ == "__main__":
    found = troubles(Path(sys.argv[1]))
    print("\n".join(found) or "Nothing is wrong with it.")  # noqa: T201
    sys.exit(bool(found))
