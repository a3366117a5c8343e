"""How long Hypothesis looks for what breaks a rule: a moment in `make test`, longer elsewhere."""

import os

from hypothesis import HealthCheck, Phase, settings

TIMES = int(os.environ.get("NOTYET_TEST_EXAMPLES", "1"))
"""How many times as many examples are tried as usual."""


def examples(usual: int) -> settings:
    """Settings for a test whose examples cost more than most, or that needs more of them."""
    return settings(max_examples=usual * TIMES, deadline=None)


def tries(usual: int) -> settings:
    """Settings for a test that keeps its fixtures from one example to the next."""
    return settings(
        max_examples=usual * TIMES,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
