"""What a panel of a dashboard shows, and how Prometheus is asked for it."""

from dataclasses import dataclass
from typing import Literal

SERVICE_LABEL = "app_kubernetes_io_name"
"""By which a series tells whose it is, where all services measure the same."""

Unit = Literal["short", "s", "ops", "bool"]


@dataclass(frozen=True)
class Query:
    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    title: str
    query: Query
    unit: Unit = "short"
    red_from: float | None = None
    """As of which value somebody should look: such a panel shows the value now, large."""


@dataclass(frozen=True)
class Dashboard:
    name: str
    title: str
    panels: list[Panel]


def now(metric: str, by: str = "", **where: str) -> Query:
    """Asks for a value that every replica measures alike: the largest, as one may be behind."""
    return Query(f"max{_by(by)}({_select(metric, where)})", _legend(by))


def rate(metric: str, by: str = "", of: str = "total", **where: str) -> Query:
    """Asks how many there were in a second, in all replicas."""
    selected = _select(f"{metric}_{of}", where)
    return Query(f"sum{_by(by)}(rate({selected}[$__rate_interval]))", _legend(by))


def slow(metric: str, by: str = "", **where: str) -> Query:
    """Asks how long the slowest five in a hundred took at least."""
    selected = _select(f"{metric}_bucket", where)
    summed = f"sum{_by(f'le {by}'.strip())}(rate({selected}[$__rate_interval]))"
    return Query(f"histogram_quantile(0.95, {summed})", _legend(by))


def mean(metric: str, **where: str) -> Query:
    """Asks for the mean of what was observed."""
    total, count = (_select(f"{metric}_{part}", where) for part in ("sum", "count"))
    return Query(f"sum(rate({total}[$__rate_interval])) / sum(rate({count}[$__rate_interval]))")


def lag(by: str, **where: str) -> Query:
    """Asks how far readers are behind: replicas that had a partition before may know it too."""
    each = now("notyet_consumer_lag_events", f"{by} partition", **where)
    return Query(f"sum{_by(by)}({each.expr})", _legend(by))


def _select(metric: str, where: dict[str, str]) -> str:
    said = "".join(f',{label}="{value}"' for label, value in where.items())
    return f'{metric}{{namespace=~"$namespace"{said}}}'


def _by(labels: str) -> str:
    return f" by ({', '.join(labels.split())}) " if labels else ""


def _legend(labels: str) -> str:
    return " ".join(f"{{{{{label}}}}}" for label in labels.split())
