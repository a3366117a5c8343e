"""Each alert is about a metric that is measured, and fires in its time and not before."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.chart.declared import CHART
from tests.docs.metrics import unmeasured
from tests.docs.pages import ROOT, sections

ALERTS = CHART / "files" / "alerts.yaml"
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(ALERTS.read_text())["groups"]
    for rule in group["rules"]
}
SILENT = "NotYetServiceSilent"


class Firing(NamedTuple):
    """What two processes measure while all is well, and when it is not; what is then said."""

    series: str
    well: int
    ill: int
    says: str


FIRING = {
    "NotYetPeopleUnanswered": Firing(
        "notyet_scheduler_unanswered_applications{}",
        0,
        1,
        "1 applications have waited for their answer for longer than promised",
    ),
    "NotYetDueContactsLate": Firing(
        "notyet_scheduler_due_lag_seconds{}",
        300,
        301,
        "What is due has not been handed over for 5m 1s",
    ),
    "NotYetMessagesLate": Firing(
        "notyet_notifier_oldest_due_seconds{}",
        900,
        901,
        "A message has been due for 15m 1s",
    ),
    "NotYetNothingLeaves": Firing(
        'notyet_notifier_obstructed{because="hold"}',
        0,
        1,
        "No message may leave: hold",
    ),
    "NotYetChannelPaused": Firing(
        'notyet_notifier_channel_paused{channel="sms"}',
        0,
        1,
        "The other side of sms cannot be used",
    ),
    "NotYetRecipientsUnread": Firing(
        "notyet_notifier_unread_recipients{}",
        0,
        1,
        "1 people are written nothing, as a state of theirs could not be read",
    ),
    "NotYetRepliesUnread": Firing(
        "notyet_intake_unread_replies{}",
        0,
        1,
        "1 people wrote something that nobody has looked at",
    ),
    "NotYetInterestsUnheard": Firing(
        "notyet_intake_unheard_interests{}",
        0,
        1,
        "1 people would like to talk, or have what was missing, and nobody hears of it",
    ),
    "NotYetPeopleUnreachable": Firing(
        "notyet_intake_unreachable_people{}",
        0,
        1,
        "1 people are owed an answer that can go nowhere",
    ),
    "NotYetManyRejections": Firing(
        'notyet_intake_rejections_within_an_hour{source="ats"}',
        500,
        501,
        "ats turned 501 people down within an hour",
    ),
    "NotYetDeliveriesUnreadable": Firing(
        'notyet_intake_untranslatable_deliveries{source="ats"}',
        0,
        1,
        "1 deliveries of ats cannot be read",
    ),
    "NotYetDeliveriesLate": Firing(
        'notyet_intake_waiting_deliveries{source="ats"}',
        1000,
        1001,
        "1001 deliveries of ats wait to be read",
    ),
    "NotYetTokenRefused": Firing(
        'notyet_intake_refused_tokens{source="ats"}',
        0,
        1,
        "ats does not take our token any more: nothing is read or noted there",
    ),
    "NotYetEndpointDisabled": Firing(
        'notyet_intake_disabled_endpoints{source="ats"}',
        0,
        1,
        "1 endpoints of ats are called no more: what it is to hear waits",
    ),
    "NotYetReaderBehind": Firing(
        'notyet_consumer_lag_events{topic="t"}',
        10000,
        10001,
        "A reader of t is 10001 events behind",
    ),
    "NotYetBreakerOpen": Firing(
        'notyet_breaker_open{topic="t"}',
        0,
        1,
        "So much of t could not be processed that it rests",
    ),
    "NotYetQuarantineWaits": Firing(
        'notyet_quarantine_waiting_records{topic="t"}',
        0,
        1,
        "1 records of t were set aside and wait for a human",
    ),
    "NotYetOutboxLate": Firing(
        "notyet_outbox_oldest_seconds{}",
        120,
        121,
        "An event has waited to be published for 2m 1s",
    ),
    "NotYetOutboxRefused": Firing(
        "notyet_outbox_set_aside_events{}",
        0,
        1,
        "The broker refused 1 events",
    ),
    "NotYetJobFails": Firing(
        'notyet_job_failing_seconds{exported_job="tidy"}',
        600,
        601,
        "Every run of tidy has failed for 10m 1s",
    ),
    "NotYetRowsParked": Firing(
        'notyet_parked_rows{exported_job="plan"}',
        0,
        1,
        "1 rows of plan could not be worked on and wait",
    ),
}
"""Those of which everything is told by one metric."""


def test_every_metric_of_an_alert_is_measured() -> None:
    named = {name for rule in RULES.values() for name in re.findall(r"notyet_\w+", rule["expr"])}
    assert unmeasured(named) == []


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_leads_to_what_to_do(alert: str) -> None:
    page, _, anchor = RULES[alert]["annotations"]["runbook_url"].partition("#")
    entry = sections(Path(page))[anchor]
    named = re.findall(r"notyet_\w+", RULES[alert]["expr"])
    assert any(f"`{name}`" in entry for name in named)
    assert "**Do**" in entry


def test_every_entry_of_the_runbook_has_an_alert() -> None:
    entries = re.findall(r"^### (NotYet\w+)", (ROOT / "docs/operate.md").read_text(), re.MULTILINE)
    assert entries == list(RULES)


def test_every_alert_has_a_test() -> None:
    assert FIRING.keys() | {SILENT} == RULES.keys()


@pytest.mark.chart
@pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is not there: apt install prometheus"
)
def test_each_alert_fires_in_its_time_and_not_before(tmp_path: Path) -> None:
    tests = [_well(), *(_ill(alert, firing) for alert, firing in FIRING.items()), _silent()]
    written = tmp_path / "tests.yaml"
    written.write_text(
        yaml.safe_dump({"rule_files": [str(ALERTS)], "evaluation_interval": "30s", "tests": tests})
    )
    for words in (("check", "rules", ALERTS), ("test", "rules", written)):
        done = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _series(series: str, value: int) -> list[dict[str, str]]:
    """Returns the metric of two pods over ten hours, longer than the slowest alert waits."""
    name, _, labels = series.partition("{")
    others = labels.removesuffix("}")
    return [
        {
            "series": f"{name}{{{others}{',' if others else ''}pod='{pod}',instance='{pod}'}}",
            "values": f"{value}x1200",
        }
        for pod in ("a", "b")
    ]


def _well() -> dict[str, Any]:
    told = [_series(firing.series, firing.well) for firing in FIRING.values()]
    others = [_series("notyet_matcher_pool_people{}", 0)]
    return {
        "interval": "30s",
        "input_series": [series for each in [*told, *others] for series in each],
        "alert_rule_test": [
            {"alertname": alert, "eval_time": "9h", "exp_alerts": []} for alert in RULES
        ],
    }


def _ill(alert: str, firing: Firing) -> dict[str, Any]:
    fired = {
        "exp_labels": {**RULES[alert]["labels"], **_labels(firing)},
        "exp_annotations": {**RULES[alert]["annotations"], "summary": firing.says},
    }
    return {
        "interval": "30s",
        "input_series": _series(firing.series, firing.ill),
        "alert_rule_test": [
            {"alertname": alert, "eval_time": _before(RULES[alert]["for"]), "exp_alerts": []},
            {"alertname": alert, "eval_time": RULES[alert]["for"], "exp_alerts": [fired]},
        ],
    }


def _labels(firing: Firing) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="(\w+)"', firing.series))


def _before(time: str) -> str:
    minutes = int(time[:-1]) * {"m": 1, "h": 60}[time[-1]]
    return f"{minutes * 60 - 30}s"


def _silent() -> dict[str, Any]:
    _, *told = re.findall(r"absent\((\w+)\{\}\)", RULES[SILENT]["expr"])
    labels = {"service": "intake"}
    return {
        "interval": "30s",
        "input_series": [{"series": name, "values": "0x1200"} for name in told],
        "alert_rule_test": [
            {"alertname": SILENT, "eval_time": "570s", "exp_alerts": []},
            {
                "alertname": SILENT,
                "eval_time": "10m",
                "exp_alerts": [
                    {
                        "exp_labels": {**RULES[SILENT]["labels"], **labels},
                        "exp_annotations": {
                            **RULES[SILENT]["annotations"],
                            "summary": "intake has told nothing of itself",
                        },
                    }
                ],
            },
        ],
    }
