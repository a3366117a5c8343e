"""What each principal may do at the broker: as much as the topics' declarations ask for.

Whoever reads a topic may read it, in its own consumer groups; whoever writes it may write it.
Kafka takes the rest from these two: to read or to write is also to describe, which is what the
watchdog, the relay and the notifier's look at its own topic need, and to write any topic is also
to write it idempotently. A principal with other rights can read what it must not know.

The operator's are those of `topics apply`. To give out rights is the right of an administrator of
the broker, who needs none of these.
"""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from pydantic.alias_generators import to_camel

from shared.contract.topics import ALL, ServiceName, Topic, Upstream

Operator = Literal["operator"]
Role = ServiceName | Upstream | Operator

ROLES: tuple[Role, ...] = (*get_args(ServiceName), *get_args(Upstream), *get_args(Operator))
PRINCIPALS: Mapping[Role, str] = {role: f"User:notyet-{role}" for role in ROLES}
"""Whom the broker takes each role for, unless the platform names its principals otherwise."""

_OPERATING = ("Create", "Describe", "Alter", "DescribeConfigs", "AlterConfigs")


@dataclass(frozen=True)
class Acl:
    """One right, with all that Kafka says of it."""

    principal: str
    operation: str
    resource_type: str
    resource_name: str
    permission_type: str = "Allow"
    pattern_type: str = "Literal"
    host: str = "*"

    def __str__(self) -> str:
        usual = (self.permission_type, self.pattern_type, self.host) == ("Allow", "Literal", "*")
        details = "" if usual else f" ({self.permission_type}, {self.pattern_type}, {self.host})"
        return (
            f"{self.principal}: {self.operation} {self.resource_type} {self.resource_name}{details}"
        )


def declared(
    principals: Mapping[Role, str] = PRINCIPALS, topics: Sequence[Topic] = ALL
) -> list[Acl]:
    """Returns all that the principals need, and nothing else."""
    return [acl for role in ROLES for acl in _needed(role, principals[role], topics)]


def command_lines(acls: Iterable[Acl], bootstrap_servers: str) -> list[str]:
    """Returns the calls of Kafka's own tool that give these rights, few for each principal."""
    operations: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for acl in acls:
        operations[acl.principal, acl.resource_type, acl.resource_name].append(acl.operation)
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (principal, kind, name), allowed in operations.items():
        alike[principal, kind, tuple(allowed)].append(name)
    return [
        shlex.join(
            [
                *("kafka-acls.sh", "--bootstrap-server", bootstrap_servers),
                *("--command-config", "admin.properties", "--add", "--allow-principal", principal),
                *(word for operation in allowed for word in ("--operation", operation)),
                *(word for name in names for word in (f"--{kind.lower()}", name)),
            ]
        )
        for (principal, kind, allowed), names in alike.items()
    ]


def as_json(acls: Iterable[Acl]) -> str:
    """Returns the rights as a list, each in the words of Kafka's own binding."""
    rows = [{to_camel(name): value for name, value in asdict(acl).items()} for acl in acls]
    return json.dumps(rows, indent=2)


def _needed(role: Role, principal: str, topics: Sequence[Topic]) -> Iterator[Acl]:
    for topic in topics:
        for operation in _operations(role, topic):
            yield Acl(principal, operation, "Topic", topic.name)
        for service in topic.consumers:
            if service == role:
                yield Acl(principal, "Read", "Group", topic.group(service))


def _operations(role: Role, topic: Topic) -> Sequence[str]:
    if role == "operator":
        return _OPERATING
    reads, writes = role in topic.consumers, role in topic.producers
    return [*(["Read"] if reads else []), *(["Write"] if writes else [])]
