"""What each process tells those who watch it of all that waits for an operator."""

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from deploy.local.stack import SERVICES, Stack
from tests.faults.history import History

WATCHED = (
    "notyet_parked_rows",
    "notyet_quarantine_waiting_records",
    "notyet_outbox_set_aside_events",
)


async def write_gauges(stack: Stack, history: History) -> None:
    async with httpx.AsyncClient(timeout=20) as http:
        for service in SERVICES:
            for process in stack.processes[service]:
                text = (await http.get(f"{process.probe_url}/metrics")).text
                for sample in _watched(text):
                    of = "/".join(sample.labels.values())
                    shown = {"name": sample.name, "of": of, "value": sample.value}
                    history.note("gauge", service=service, **shown)


def _watched(text: str) -> list[Sample]:
    return [
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name in WATCHED
    ]
