"""A real API server takes the chart in each way in which it is used, and all that is done to it."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.chart.declared import CHART
from tests.chart.mistakes import InChart
from tests.chart.release import Object, case, cases, rendered
from tests.cluster.conftest import MakeNamespace
from tests.cluster.namespaces import Namespace, Refused, annotations, holds, hooks, named
from tests.cluster.stand_in import ending
from tests.docs.pages import spans

pytestmark = pytest.mark.apiserver

PAGE = Path("docs/kubernetes.md")
each_case = pytest.mark.parametrize("values", cases(), ids=lambda path: path.stem)
PATIENTLY = ("--timeout", "2m")
CHANGED = ("--set", "image.tag=0.1.1", "--set", "settings.employerName=The Hospital")


def typed(action: str, chart: Path, values: Path) -> tuple[str | Path, ...]:
    return (action, "notyet", chart, "--values", values, *PATIENTLY)


def of_the_release(objects: Iterable[Object]) -> list[Object]:
    return [it for it in objects if "helm.sh/hook" not in annotations(it)]


@each_case
def test_a_release_is_installed_changed_put_back_tried_and_removed(
    values: Path, namespace: MakeNamespace
) -> None:
    here = namespace()
    if "namespace: kafka" in values.read_text():
        namespace("kafka")
    release = rendered(values, namespace=here.name)
    with ending(here.client, here.name):
        said = here.helm(*typed("install", CHART, values))
        assert "STATUS: deployed" in said
        assert "Warning" not in said
        _has_arrived(here, release.objects, but={"Pod"})
        assert [here.refusal(pod) for pod in release.pods] == [None] * len(release.pods)

        here.helm(*typed("upgrade", CHART, values), *CHANGED)
        assert "The Hospital" in str(here.stored(release.of("Deployment")))

        here.helm("rollback", "notyet", "1", *PATIENTLY)
        _has_arrived(here, of_the_release(release.objects))

        assert "Succeeded" in here.helm("test", "notyet", *PATIENTLY)
        here.helm("uninstall", "notyet", *PATIENTLY)
    kept = [it for it in release.objects if annotations(it).get("helm.sh/resource-policy")]
    assert named(here.stored(release.objects)) == named([*hooks(release), *kept])
    (clear,) = [it for it in spans(PAGE) if it.startswith("kubectl delete")]
    here.kubectl(*clear.split()[1:])
    kept += release.of("ExternalSecret")
    assert named(here.stored(release.objects)) == named(kept)


def _has_arrived(here: Namespace, objects: Iterable[Object], but: Iterable[str] = ()) -> None:
    given = [it for it in objects if it["kind"] not in but]
    stored = here.stored(given)
    assert named(stored) == named(given)
    for kept, it in zip(stored, given, strict=True):
        assert holds(kept, it), f"{it['kind']} {it['metadata']['name']} is kept otherwise"


def test_an_install_whose_migration_fails_shows_it_and_can_be_repeated(
    namespace: MakeNamespace,
) -> None:
    here, values = namespace(), case("minimal")
    with ending(here.client, here.name, "failed"), pytest.raises(Refused, match="migration"):
        here.helm(*typed("install", CHART, values))
    jobs = rendered(values, namespace=here.name).of("Job")
    assert named(here.stored(jobs)) == {("Job", "notyet-intake-migration")}
    with ending(here.client, here.name):
        here.helm(*typed("upgrade", CHART, values), "--install")
    assert named(here.stored(jobs)) == named(jobs)


PRIVILEGES = [
    InChart(f"{old} is {new}", "minimal", "templates/_pod.tpl", old, new)
    for old, new in (
        ("runAsNonRoot: true", "runAsNonRoot: false"),
        ("runAsUser: 10001", "runAsUser: 0"),
        ("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
        ("drop: [ALL]", "drop: []"),
        ("seccompProfile: { type: RuntimeDefault }", "seccompProfile: { type: Unconfined }"),
        ("enableServiceLinks: false", "enableServiceLinks: false\nhostNetwork: true"),
    )
]


@pytest.mark.parametrize("mistake", PRIVILEGES, ids=lambda it: it.what)
def test_admission_refuses_pods_that_may_do_more(
    mistake: InChart, namespace: MakeNamespace, tmp_path: Path
) -> None:
    here, chart = namespace(), Path(shutil.copytree(CHART, tmp_path / "notyet"))
    release = rendered(mistake.make(chart), chart, namespace=here.name)
    for account in release.of("ServiceAccount"):
        here.kubectl("create", "--filename", "-", stdin=json.dumps(account))
    assert all("violates PodSecurity" in str(here.refusal(pod)) for pod in release.pods)


def test_a_pod_whose_account_is_not_there_is_refused(namespace: MakeNamespace) -> None:
    here = namespace()
    pods = rendered(case("minimal"), namespace=here.name).services.values()
    assert all("serviceaccount" in str(here.refusal(pod)) for pod in pods)


MISSPELT = [
    InChart(f"{old} is {new}", values, f"templates/{file}.yaml", f"{old}:", f"{new}:")
    for old, new, values, file in (
        ("maxSurge", "maxSurges", "minimal", "deployments"),
        ("minReplicaCount", "minReplicasCount", "operators", "autoscalers"),
        ("  partitions", "  partitionCount", "operators", "strimzi"),
    )
]


@pytest.mark.parametrize("mistake", MISSPELT, ids=lambda it: it.what)
def test_a_field_that_does_not_exist_is_refused(
    mistake: InChart, namespace: MakeNamespace, tmp_path: Path
) -> None:
    here, chart = namespace(), Path(shutil.copytree(CHART, tmp_path / "notyet"))
    misspelt = mistake.new.strip(" :")
    with ending(here.client, here.name), pytest.raises(Refused, match=misspelt):
        here.helm(*typed("install", chart, mistake.make(chart)))


def test_an_upgrade_that_chooses_other_pods_is_refused(
    namespace: MakeNamespace, tmp_path: Path
) -> None:
    here, chart = namespace(), Path(shutil.copytree(CHART, tmp_path / "notyet"))
    part = "app.kubernetes.io/name: {{ .name }}"
    otherwise = InChart("", "minimal", "templates/_names.tpl", part, f"{part}\nteam: people")
    with ending(here.client, here.name):
        here.helm(*typed("install", CHART, case("minimal")))
        with pytest.raises(Refused, match="field is immutable"):
            here.helm(*typed("upgrade", chart, otherwise.make(chart)))
        here.helm("rollback", "notyet", *PATIENTLY)
    assert "deployed" in here.helm("status", "notyet")
