import secrets
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.chart.definitions import OPERATORS
from tests.cluster.api_server import ApiServer, api_server, missing
from tests.cluster.namespaces import Namespace
from tests.cluster.operators import make_known
from tests.scratch import scratch

MakeNamespace = Callable[..., Namespace]
"""`namespace()` makes one of its own for a test; `namespace("kafka")` one of that name."""

_OF_OPERATORS = "of-operators"


@pytest.fixture(scope="session")
def server() -> Iterator[ApiServer]:
    """An API server that knows what operators read."""
    if lacking := missing():
        pytest.fail(lacking)
    with scratch("apiserver") as directory, api_server(directory) as running:
        with running.client() as client:
            _prepare(client)
        yield running


@pytest.fixture(scope="session")
def root(server: ApiServer) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.fixture
def namespace(server: ApiServer, root: httpx.Client) -> MakeNamespace:
    def make(name: str = "") -> Namespace:
        made = Namespace(server, name or f"notyet-{secrets.token_hex(3)}", root)
        made.make(_OF_OPERATORS)
        return made

    return make


def _prepare(client: httpx.Client) -> None:
    """Has it know the operators' objects, the right to have them, and a priority of an example."""
    make_known(client)
    rules = [{"apiGroups": sorted(OPERATORS), "resources": ["*"], "verbs": ["*"]}]
    role = {"metadata": {"name": _OF_OPERATORS}, "rules": rules}
    _create(client, "rbac.authorization.k8s.io/v1/clusterroles", role)
    priority = {"metadata": {"name": "background"}, "value": 1}
    _create(client, "scheduling.k8s.io/v1/priorityclasses", priority)


def _create(client: httpx.Client, path: str, body: object) -> None:
    client.post(f"/apis/{path}", json=body).raise_for_status()
