"""How long Hypothesis looks for what breaks the doors."""

import os

from hypothesis import HealthCheck, Phase, settings

TIMES = int(os.environ.get("NOTYET_TEST_EXAMPLES", "1"))
"""How many times as many examples are tried as usual."""


def tries(examples: int) -> settings:
    """Settings for a test that keeps its fixtures from one example to the next."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
