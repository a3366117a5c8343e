"""Which metrics there are: whoever names another one waits for it in vain."""

from collections.abc import Iterable
from functools import cache

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from services.intake.metrics import IntakeMetrics
from services.matcher.metrics import SearchMetrics
from services.notifier.metrics import MessageMetrics
from services.scheduler.metrics import PlanMetrics
from shared.runtime.telemetry import Metrics

OF_SERVICES = (IntakeMetrics, PlanMetrics, SearchMetrics, MessageMetrics)
OF_A_KIND = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
"""What is asked for of a metric of each kind."""


def unmeasured(names: Iterable[str]) -> list[str]:
    """Returns those of the names that no service measures."""
    return sorted(name for name in names if name not in measured())


@cache
def measured() -> dict[str, frozenset[str]]:
    """Returns every series that some service exposes, with its labels."""
    runtime = Metrics().registry
    registries = [runtime, *(_registry(owner) for owner in OF_SERVICES)]
    return {
        f"{collector._name}{ending}": frozenset(
            (*collector._labelnames, *(["le"] if ending == "_bucket" else []))
        )
        for registry in registries
        for collector in registry._collector_to_names
        if isinstance(collector, MetricWrapperBase)
        for ending in OF_A_KIND[str(collector._type)]
    }


def _registry(owner: type) -> CollectorRegistry:
    registry = CollectorRegistry()
    owner(registry)
    return registry
