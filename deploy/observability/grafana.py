"""Writes the dashboards as Grafana reads them, to where the chart ships them from.

python -m deploy.observability.grafana
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.observability.dashboards import DASHBOARDS
from deploy.observability.panels import Dashboard, Panel

FOLDER = Path(__file__).parents[1] / "helm" / "notyet" / "files" / "dashboards"

_COLUMNS = 3
_WIDTH, _HEIGHT = 24 // _COLUMNS, 7
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}

Json = dict[str, Any]


def rendered() -> dict[Path, str]:
    """Returns each file as it should be, a line for each panel."""
    return {FOLDER / f"{it.name}.json": _written(_dashboard(it)) for it in DASHBOARDS}


def _written(dashboard: Json) -> str:
    panels = ",\n".join(json.dumps(panel) for panel in dashboard.pop("panels"))
    head = json.dumps(dashboard, indent=2).removesuffix("\n}")
    return f'{head},\n  "panels": [\n{panels}\n  ]\n}}\n'


def _dashboard(it: Dashboard) -> Json:
    return {
        "uid": f"notyet-{it.name}",
        "title": it.title,
        "tags": ["notyet"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": list(_variables())},
        "links": [{"type": "dashboards", "title": "Not Yet", "tags": ["notyet"]}],
        "panels": [_panel(number, panel) for number, panel in enumerate(it.panels)],
    }


def _variables() -> Iterator[Json]:
    yield {"name": "datasource", "type": "datasource", "query": "prometheus"}
    yield {
        "name": "namespace",
        "type": "query",
        "datasource": _SOURCE,
        "query": "label_values(notyet_outbox_waiting_events, namespace)",
        "refresh": 2,
        "includeAll": True,
        "allValue": ".*",  # also of those that have none
        "current": {"text": "All", "value": "$__all"},
    }


def _panel(number: int, it: Panel) -> Json:
    row, column = divmod(number, _COLUMNS)
    return {
        "id": number + 1,
        "title": it.title,
        "type": "timeseries" if it.red_from is None else "stat",
        "datasource": _SOURCE,
        "gridPos": {"x": column * _WIDTH, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": _fields(it), "overrides": []},
        "targets": [
            {
                "refId": "A",
                "datasource": _SOURCE,
                "expr": it.query.expr,
                "legendFormat": it.query.legend or it.title,
            }
        ],
    }


def _fields(it: Panel) -> Json:
    fields: Json = {"unit": "bool_yes_no" if it.unit == "bool" else it.unit, "min": 0}
    if it.red_from is not None:
        steps = [{"color": "green", "value": None}, {"color": "red", "value": it.red_from}]
        fields["thresholds"] = {"mode": "absolute", "steps": steps}
    return fields


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in rendered().items():
        path.write_text(text)
