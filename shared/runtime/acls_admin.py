"""Grants the broker's principals the declared rights; safe to run again at any time.

aiokafka's admin client knows nothing of rights, but its protocol does: the requests go over its
plain client.
"""

from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DescribeAclsRequest

from shared.runtime.acls import Acl
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import Refused

# Kafka's names, each where its code says.
_RESOURCE_TYPES = (
    *("Unknown", "Any", "Topic", "Group", "Cluster", "TransactionalId"),
    *("DelegationToken", "User"),
)
_PATTERN_TYPES = ("Unknown", "Any", "Match", "Literal", "Prefixed")
_PERMISSION_TYPES = ("Unknown", "Any", "Deny", "Allow")
_OPERATIONS = (
    *("Unknown", "Any", "All", "Read", "Write", "Create", "Delete", "Alter", "Describe"),
    *("ClusterAction", "DescribeConfigs", "AlterConfigs", "IdempotentWrite"),
    *("CreateTokens", "DescribeTokens", "TwoPhaseCommit"),
)
_ANY = 1


async def apply(kafka: KafkaSettings, acls: Sequence[Acl]) -> list[str]:
    """Grants what is missing; returns in lines what it granted and what it found beyond that.

    It takes nothing away: a right that is not declared may be somebody's decision. Raises Refused,
    or KafkaError when no broker answers.
    """
    client = AIOKafkaClient(**kafka.kafka_client())
    await client.bootstrap()
    try:
        held = [
            acl
            for principal in dict.fromkeys(acl.principal for acl in acls)
            for acl in await _held(client, principal)
        ]
        missing = [acl for acl in acls if acl not in held]
        for acl in missing:
            await _give(client, acl)
    finally:
        await client.close()
    return [
        *(f"{acl}: given" for acl in missing),
        *(f"{acl}: not declared, take it away" for acl in held if acl not in acls),
    ]


async def _held(client: AIOKafkaClient, principal: str) -> Iterable[Acl]:
    request = DescribeAclsRequest(_ANY, None, _ANY, principal, None, _ANY, _ANY)
    response = (await client.send(client.get_random_node(), request)).to_object()
    _check(response["error_code"], response["error_message"])
    return [
        Acl(
            principal=acl["principal"],
            operation=_OPERATIONS[acl["operation"]],
            resource_type=_RESOURCE_TYPES[resource["resource_type"]],
            resource_name=resource["resource_name"],
            permission_type=_PERMISSION_TYPES[acl["permission_type"]],
            pattern_type=_PATTERN_TYPES[resource["resource_pattern_type"]],
            host=acl["host"],
        )
        for resource in response["resources"]
        for acl in resource["acls"]
    ]


async def _give(client: AIOKafkaClient, acl: Acl) -> None:
    request = CreateAclsRequest(
        _RESOURCE_TYPES.index(acl.resource_type),
        acl.resource_name,
        _PATTERN_TYPES.index(acl.pattern_type),
        acl.principal,
        acl.host,
        _OPERATIONS.index(acl.operation),
        _PERMISSION_TYPES.index(acl.permission_type),
    )
    response = (await client.send(client.get_random_node(), request)).to_object()
    for created in response["creation_responses"]:
        _check(created["error_code"], created["error_message"])


def _check(code: int, message: str | None) -> None:
    if code:
        reason = message or for_code(code).description
        raise Refused(f"The broker does not give out rights: {reason}")
