"""The local stack with each process of a service in a container of its image."""

from collections.abc import Mapping

from deploy.local.child import Child
from deploy.local.ports import HOST
from deploy.local.stack import Stack
from shared.contract.topics import ServiceName

TESTED = "notyet-tested"
"""What stands before the names of the images that tests build."""
_AS_IN_A_POD = (
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--memory=512m",
    "--pids-limit=200",
)


class Containers(Stack):
    """Each container is ended by what ends its `docker run`, which ends as the container does."""

    def _program(self, service: ServiceName, name: str, env: Mapping[str, str]) -> Child:
        given = {**env, **self._env, "NOTYET_PROBE_HOST": HOST}
        clock = given["NOTYET_CLOCK_FILE"]
        return Child(
            name,
            [
                *("docker", "run", "--rm", "--network=host", *_AS_IN_A_POD),
                f"--volume={clock}:{clock}:ro",
                *(f"--env={variable}" for variable in given),
                *(f"{TESTED}/{service}", "run"),
            ],
            self.data_dir / "logs" / f"{name}.log",
            env=given,
        )
