"""What Helm makes of the chart, in each way in which it is used, is valid and of one piece."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability.grafana import rendered as dashboards
from tests.chart.checks import complaints
from tests.chart.declared import CHART
from tests.chart.definitions import OPERATORS
from tests.chart.look import troubles
from tests.chart.release import NAMESPACE, TOOLS, Refused, Release, case, cases, rendered
from tests.chart.schemas import (
    LACKING,
    NEWEST,
    OLDEST,
    against_kubernetes,
    against_operators,
    undefined,
)
from tests.docs.settings import SERVICES

pytestmark = pytest.mark.chart

NOT_FOR_US = {
    "CKV_K8S_11": "a limit of CPU slows what has nothing to wait for",
    "CKV_K8S_43": "a digest is a value, where somebody pins one",
    "CKV_K8S_15": "a tag that never changes needs not be pulled anew",
}
"""What checkov would have otherwise, and why it has not."""
PROBES = {"CKV_K8S_8", "CKV_K8S_9"}
"""Not for what runs once and ends, as the Pod of `helm test` does."""

each_case = pytest.mark.parametrize("values", cases(), ids=lambda path: path.stem)


@pytest.fixture
def release(values: Path) -> Release:
    return rendered(values)


@each_case
def test_helm_finds_nothing_wrong(values: Path) -> None:
    done = subprocess.run(
        [TOOLS / "helm", "lint", "--strict", CHART, "--values", values, "--namespace", NAMESPACE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@each_case
def test_all_that_refers_to_something_refers_to_what_is_there(release: Release) -> None:
    assert complaints(release) == []


def test_a_service_with_a_database_elsewhere_is_migrated_by_who_may_there() -> None:
    given = {
        pod.name: secret
        for pod in rendered(case("passwords")).pods
        for secret, _, path in pod.mounted
        if path.endswith("/admin_database_url")
    }
    assert given.pop("notyet-matcher-migration") == "notyet-matcher-database"
    assert set(given.values()) == {"notyet-migration"}


@each_case
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_takes_it(release: Release, version: str) -> None:
    assert against_kubernetes(release, version) == []


@each_case
def test_the_operators_take_it(release: Release) -> None:
    assert list(against_operators(release)) == []
    if kinds := undefined(release):
        pytest.skip(f"{', '.join(sorted(kinds))}: {LACKING}")


def test_nothing_of_an_operators_is_made_unless_it_is_asked_for() -> None:
    groups = {it["apiVersion"].partition("/")[0] for it in rendered(case("minimal")).objects}
    assert groups.isdisjoint(OPERATORS)


def test_checkov_finds_nothing_unsafe(tmp_path: Path) -> None:
    for values in cases():
        (tmp_path / f"{values.stem}.yaml").write_text(rendered(values).text)
    done = subprocess.run(
        [
            *(TOOLS / "python", TOOLS / "checkov", "--framework", "kubernetes", "--compact"),
            *("--directory", tmp_path, "--output", "json", "--quiet", "--soft-fail"),
            *("--skip-check", ",".join(NOT_FOR_US), "--skip-download"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout)
    found = {(it["check_id"], it["resource"]) for it in report["results"]["failed_checks"]}
    found -= {(check, f"Pod.{NAMESPACE}.notyet-intake-test") for check in PROBES}
    assert report["summary"]["passed"] > len(SERVICES)
    assert sorted(found) == []


def test_a_service_is_scaled_as_it_says_and_stands_still_at_none(tmp_path: Path) -> None:
    values = yaml.safe_load(case("operators").read_text())
    values["intake"] |= {"replicas": 3, "autoscaling": {"kind": "none"}}
    values["matcher"]["replicas"] = 0
    values["notifier"]["autoscaling"] = {"kind": "hpa"}
    release = _with(tmp_path, values)
    said = {name: pod.owner["spec"].get("replicas") for name, pod in release.services.items()}
    assert said == {"intake": 3, "matcher": 0, "notifier": None, "scheduler": None}
    assert release.names("ScaledObject") == {"notyet-scheduler"}
    assert release.names("HorizontalPodAutoscaler") == {"notyet-notifier"}
    assert complaints(release) == []


_TEXTING = {
    "notifier.settings.smsProvider": "twilio",
    "notifier.settings.smsAccount": "AC00000000000000000000000000000000",
    "notifier.settings.smsSender": "MG00000000000000000000000000000000",
    "notifier.secrets.smsToken": {},
}
_TEXTS_AT, _OF_INTAKE = "notifier.settings.smsBaseUrl", "intake.settings.kafkaBootstrapServers"
_OF_TOPICS, _TRACES = "topics.settings.kafkaBootstrapServers", "tracing.endpoint"


@pytest.mark.parametrize(
    ("given", "who", "ports"),
    [
        ({}, "scheduler", {9092, 5432}),
        ({_OF_INTAKE: "own.kafka:9777"}, "intake", {9777, 5432}),
        ({_OF_INTAKE: "own.kafka:9777"}, "scheduler", {9092, 5432}),
        ({_OF_INTAKE: "own.kafka:9777"}, "topics", {9092}),
        ({_OF_TOPICS: "a.kafka:9999,b.kafka:9998"}, "topics", {9999, 9998}),
        ({_OF_TOPICS: "a.kafka:9999,b.kafka:9998"}, "intake", {9092, 5432}),
        ({_OF_TOPICS: "a.kafka:9999", "networkPolicy.kafka.ports": [9094]}, "topics", {9094}),
        ({_TRACES: "https://10.1.2.3"}, "matcher", {9092, 5432, 443}),
        ({_TRACES: "http://otel1"}, "matcher", {9092, 5432, 80}),
        ({_TRACES: "http://otel1/v2"}, "matcher", {9092, 5432, 80}),
        ({_TRACES: "http://otel1:4318/v2"}, "matcher", {9092, 5432, 4318}),
        ({_TRACES: "https://[fd00::1]"}, "matcher", {9092, 5432, 443}),
        ({_TRACES: "https://[fd00::1]:4318"}, "matcher", {9092, 5432, 4318}),
        ({_TRACES: "http://otel1"}, "topics", {9092}),
        (_TEXTING, "notifier", {9092, 5432, 587, 443}),
        ({_TEXTS_AT: "http://twilio.corp.svc:8443"}, "notifier", {9092, 5432, 587}),
        (
            {**_TEXTING, _TEXTS_AT: "http://twilio.corp.svc:8443"},
            "notifier",
            {9092, 5432, 587, 8443},
        ),
        ({**_TEXTING, _TEXTS_AT: "http://twilio2/api"}, "notifier", {9092, 5432, 587, 80}),
        ({**_TEXTING, _TEXTS_AT: "https://10.1.2.3/"}, "notifier", {9092, 5432, 587, 443}),
    ],
)
def test_each_is_let_go_where_it_is_told_to_and_nowhere_else(
    given: dict[str, Any], who: str, ports: set[int], tmp_path: Path
) -> None:
    values = yaml.safe_load(case("minimal").read_text())
    for place, value in given.items():
        _give(values, place, value)
    release = _with(tmp_path, values)
    (pod,) = [pod for pod in release.pods if pod.name == f"notyet-{who}"]
    chosen = [it["spec"] for it in release.of("NetworkPolicy")]
    rules = [
        rule
        for spec in chosen
        if pod.is_chosen_by(spec["podSelector"])
        for rule in spec.get("egress", [])
    ]
    assert {port["port"] for rule in rules for port in rule["ports"]} == {53, *ports}
    assert complaints(release) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"settings.mailInDomain": "replies.a.example"}, ["name it, or leave mailInDomain out"]),
        ({"intake.settings.lmtpPort": 8024}, ["needs settings.mailInDomain"]),
        (
            {"notifier.settings.mailInDomain": "b.example", "intake.settings.lmtpPort": 8080},
            ["needs settings.mailInDomain", "lmtpPort 8080 is that of intake's pages"],
        ),
        (
            {"settings.mailInDomain": "b.example", "intake.settings.lmtpPort": 8081},
            ["lmtpPort 8081 is that of probes and metrics: name another, such as 8024"],
        ),
    ],
)
def test_mail_that_could_not_come_in_is_refused_with_what_to_set(
    given: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    values = yaml.safe_load(case("minimal").read_text())
    for place, value in given.items():
        _give(values, place, value)
    with pytest.raises(Refused) as refused:
        _with(tmp_path, values)
    assert [line for line in said if line not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("settings.mailInDomain", "replies.a.example"),
        ("intake.settings.lmtpPort", 8024),
        ("intake.replicas", 3),
    ],
)
def test_what_does_not_go_together_does_not_pass_lint(
    place: str, value: Any, tmp_path: Path
) -> None:
    values = yaml.safe_load(case("operators").read_text())
    _give(values, place, value)
    written = tmp_path / "values.yaml"
    written.write_text(yaml.safe_dump(values))
    done = subprocess.run(
        [TOOLS / "helm", "lint", "--strict", CHART, "--values", written],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert place.rpartition(".")[2] in done.stdout


@pytest.mark.parametrize(
    "given",
    [
        {"settings.mailInDomain": "b.example"},
        {"intake.settings.mailInDomain": "b.example"},
        {
            "intake.settings.mailInDomain": "B.example",
            "notifier.settings.mailInDomain": "b.Example",
        },
    ],
    ids=["by all", "while letters no longer name it", "in whatever letters"],
)
def test_mail_comes_in_for_a_domain_that_is_named(given: dict[str, Any], tmp_path: Path) -> None:
    values = yaml.safe_load(case("minimal").read_text())
    for place, value in {**given, "intake.settings.lmtpPort": 8024}.items():
        _give(values, place, value)
    assert complaints(_with(tmp_path, values)) == []


def test_whoever_looks_hears_of_links_of_one_service_that_lead_elsewhere(tmp_path: Path) -> None:
    values = yaml.safe_load(case("passwords").read_text())
    _give(values, "notifier.settings.publicUrl", "https://jobs.hospital.example")
    assert any("jobs.hospital.example" in line for line in complaints(_with(tmp_path, values)))


def test_what_holds_for_every_pod_holds_for_jobs_and_tests(tmp_path: Path) -> None:
    values = yaml.safe_load(case("minimal").read_text())
    values["pods"] = {"labels": {"team": "people"}, "annotations": {"example.com/mesh": "off"}}
    for pod in _with(tmp_path, values).pods:
        assert pod.labels["team"] == "people"
        assert pod.template["metadata"]["annotations"]["example.com/mesh"] == "off"


def test_every_login_at_the_database_believes_whom_the_values_name() -> None:
    for pod in rendered(case("passwords")).pods:
        asks = "NOTYET_DATABASE_URL_FILE" in pod.environment
        assert (pod.environment.get("PGSSLMODE") == "verify-full") == asks
        files = {path: (secret, key) for secret, key, path in pod.mounted}
        authority = files.get(pod.environment.get("PGSSLROOTCERT", ""))
        assert authority == (("postgres-authority", "ca.crt") if asks else None)


def test_all_that_does_not_go_together_is_said_at_once(tmp_path: Path) -> None:
    values = yaml.safe_load(case("passwords").read_text())
    del values["settings"]["kafkaSaslMechanism"], values["notifier"]["secrets"]["smtpPassword"]
    with pytest.raises(Refused) as refused:
        _with(tmp_path, values)
    for said in ("topics: kafkaSaslMechanism", "intake: kafkaSaslMechanism", "smtpUsername"):
        assert said in str(refused.value)


def test_a_service_is_missed_in_its_own_namespace() -> None:
    (rules,) = rendered(case("operators"), namespace="people").of("PrometheusRule")
    written = [rule for group in rules["spec"]["groups"] for rule in group["rules"]]
    (silent,) = [rule for rule in written if rule["alert"] == "NotYetServiceSilent"]
    assert silent["expr"].count('{namespace="people"}') == len(SERVICES)


def test_whoever_looks_at_their_own_values_is_told_what_helm_takes(tmp_path: Path) -> None:
    values = yaml.safe_load(case("minimal").read_text())
    assert troubles(case("minimal")) == []
    values["settings"]["employerTimeZone"] = "Europe/Wien"
    written = tmp_path / "values.yaml"
    written.write_text(yaml.safe_dump(values))
    assert any("employer_time_zone" in line for line in troubles(written))


def test_it_says_all_that_has_to_be_given_at_once() -> None:
    done = subprocess.run(
        [TOOLS / "helm", "template", CHART], capture_output=True, text=True, check=False
    )
    assert done.returncode
    for missing in ("repository", "kafkaBootstrapServers", "existingSecret", "smtpHost"):
        assert missing in done.stderr


def test_a_store_gives_each_secret_all_that_is_mounted_of_it(tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    store = "externalSecrets: { enabled: true, store: { name: vault } }\n"
    values.write_text(case("passwords").read_text() + store)
    release = rendered(values)
    made = {it["spec"]["target"]["name"] for it in release.of("ExternalSecret")}
    assert made == {f"notyet-{name}" for name in (*SERVICES, "migration", "topics")}
    read = {
        data["remoteRef"]["key"]
        for it in release.of("ExternalSecret")
        for data in it["spec"]["data"]
    }
    assert read == {f"notyet/{name}" for name in (*SERVICES, "migration", "topics")}
    assert complaints(release) == []


def test_grafana_finds_each_dashboard_as_it_is() -> None:
    maps = rendered(case("operators")).of("ConfigMap")
    assert all(it["metadata"]["labels"]["grafana_dashboard"] == "1" for it in maps)
    shipped = sorted(text for it in maps for text in it["data"].values())
    assert shipped == sorted(dashboards().values())


def test_a_release_of_any_name_has_names_that_fit() -> None:
    for name in ("a", "42", "notyet-of-the-general-hospital-in-the-north-of-it"):
        release = rendered(case("passwords"), name=name)
        assert all(len(it["metadata"]["name"]) <= 63 for it in release.objects)
        assert complaints(release) + against_kubernetes(release, NEWEST) == []


def _give(values: dict[str, Any], place: str, value: Any) -> None:
    *above, last = place.split(".")
    for key in above:
        values = values.setdefault(key, {})
    values[last] = value


def _with(folder: Path, values: dict[str, Any]) -> Release:
    path = folder / "values.yaml"
    path.write_text(yaml.safe_dump(values))
    return rendered(path)
