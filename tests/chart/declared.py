"""Writes what the chart knows of the code: settings, topics, groups and rights, and its schema.

python -m tests.chart.declared
"""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import SecretStr
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from shared.contract.topics import ALL, ServiceName, Topic
from shared.runtime.acls import Acl, declared
from shared.runtime.environment import EnvironmentSettings
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.settings import MigrationSettings
from tests.docs.pages import ROOT
from tests.docs.settings import READERS as OF_PAGE

CHART = ROOT / "deploy" / "helm" / "notyet"
DECLARED = CHART / "files" / "declared.json"
SCHEMA = CHART / "values.schema.json"
WRITTEN_SCHEMA = Path(__file__).with_name("values.schema.yaml")
"""What no class tells of; `settings` and `secrets` in it are filled in from the classes."""

SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
READERS: dict[str, type[EnvironmentSettings]] = {
    **{service: OF_PAGE[service] for service in SERVICES},
    "migrations": MigrationSettings,
    "topics": KafkaSettings,
}
"""Who reads settings in the chart: the services, and what is done before they run."""

OF_THE_CHART = {"probe_host", "probe_port", "http_host", "http_port", "lmtp_host"}
"""What the image sets and the chart's probes, Service and policies rely on."""
NOT_IN_A_POD = {
    "clock_file",  # for demonstrations
    "kafka_instance_id",  # a Deployment's pods have no names that stay
}
NEEDED_HERE = {"employer_name", "public_url"}
"""What has a default that nobody's employees should ever read."""

SAID_AT_ONCE = {
    "kafka_bootstrap_servers": "^[^:,/ ]+:[0-9]+(,[^:,/ ]+:[0-9]+)*$",
    "public_url": "^https?://[^/ ]",
    "employer_country": "^[A-Z]{2}$",
    "log_level": "^([Dd]ebug|[Ii]nfo|[Ww]arning|[Ee]rror|DEBUG|INFO|WARNING|ERROR)$",
    "mail_in_domain": "^($|[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$)",
    "smtp_host": "^[^:/@ ]+$",
    "sms_base_url": "^https?://[^/ ]",
    "mail_from": "^[^@<> ]+@[^@<> ]+$",
}
"""How a value is written, of which a mistake would otherwise show in a pod's log alone."""

Schema = dict[str, Any]


def chart_data() -> dict[str, Any]:
    """Returns what the templates look up."""
    return {
        "readers": {name: _reader(owner) for name, owner in READERS.items()},
        "topics": [
            {"name": topic.name, "partitions": topic.partitions, "config": topic.config}
            for topic in ALL
        ],
        "groups": {
            service: {
                topic.group(service): topic.name for topic in ALL if service in topic.consumers
            }
            for service in SERVICES
        },
        "users": _users(),
    }


def values_schema() -> Schema:
    """Returns the schema of the chart's values, with every setting as its class has it."""
    schema: Schema = yaml.safe_load(WRITTEN_SCHEMA.read_text())
    definitions = schema["definitions"]
    service = json.dumps(definitions.pop("service"))
    schema["properties"] |= {
        name: json.loads(service.replace("SERVICE", name)) for name in SERVICES
    }
    shared = {name for name in _names() if len(_readers_of(name)) > 1}
    definitions["settings"] = _object(_settings(shared), _needed(shared))
    definitions["secrets"] = _object(_secrets(shared))
    for reader, owner in READERS.items():
        names = owner.model_fields.keys()
        definitions[f"{reader}Settings"] = _object(_settings(names), _needed(names - shared))
        definitions[f"{reader}Secrets"] = _object(_secrets(names))
    for service in SERVICES:
        most = min(topic.partitions for topic in _read_by(service))
        definitions[f"{service}Replicas"] = {"type": "integer", "minimum": 1, "maximum": most}
    return schema


def rendered() -> dict[Path, str]:
    """Returns both files as they should be."""
    return {
        path: json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        for path, content in ((DECLARED, chart_data()), (SCHEMA, values_schema()))
    }


def _read_by(service: ServiceName) -> list[Topic]:
    return [topic for topic in ALL if service in topic.consumers]


def _names() -> Iterator[str]:
    return (name for owner in READERS.values() for name in owner.model_fields)


def _readers_of(name: str) -> list[str]:
    return [reader for reader in SERVICES if name in READERS[reader].model_fields]


def _field(name: str) -> FieldInfo:
    return next(it.model_fields[name] for it in READERS.values() if name in it.model_fields)


def _is_mounted(field: FieldInfo) -> bool:
    kinds = {field.annotation, *get_args(field.annotation)}
    return bool(kinds & {SecretStr, Path})


def _reader(owner: type[EnvironmentSettings]) -> dict[str, list[str]]:
    fields = {name: field for name, field in owner.model_fields.items() if _is_given(name)}
    mounted = {name: field for name, field in fields.items() if _is_mounted(field)}
    return {
        "settings": [to_camel(name) for name in fields if name not in mounted],
        "secrets": [to_camel(name) for name in mounted],
        "required": [to_camel(name) for name, field in mounted.items() if field.is_required()],
    }


def _is_given(name: str) -> bool:
    return name not in OF_THE_CHART | NOT_IN_A_POD


def _settings(names: Iterable[str]) -> Schema:
    plain = [name for name in _in_order(names) if not _is_mounted(_field(name))]
    return {to_camel(name): _as_value(name) for name in plain}


def _secrets(names: Iterable[str]) -> Schema:
    mounted = [name for name in _in_order(names) if _is_mounted(_field(name))]
    return {to_camel(name): {"$ref": "#/definitions/mounted"} for name in mounted}


def _needed(names: Iterable[str]) -> list[str]:
    return [
        to_camel(name)
        for name in _in_order(names)
        if (_field(name).is_required() or name in NEEDED_HERE) and not _is_mounted(_field(name))
    ]


def _in_order(names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [name for name in dict.fromkeys(_names()) if name in wanted and _is_given(name)]


def _as_value(name: str) -> Schema:
    """Returns what pydantic says of a setting, less that it may be left out."""
    owner = next(it for it in READERS.values() if name in it.model_fields)
    found: Schema = deepcopy(_described(owner)[name])
    options = [it for it in found.pop("anyOf", []) if it != {"type": "null"}]
    for said in (*options[:1], found):
        said.pop("title", None)
    found.pop("default", None)
    found["description"] = " ".join(found["description"].split())
    if name in SAID_AT_ONCE:
        found["pattern"] = SAID_AT_ONCE[name]
    return {**(options[0] if options else {}), **found}


@cache
def _described(owner: type[EnvironmentSettings]) -> Schema:
    properties: Schema = owner.model_json_schema()["properties"]
    return properties


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": required} if required else {}),
    }


def _users() -> dict[str, list[Schema]]:
    """Returns each principal's rights as Strimzi writes them; it is itself the topics' operator."""
    rights: dict[str, list[Schema]] = {}
    of_one = groupby(
        declared(), key=lambda acl: (acl.principal, acl.resource_type, acl.resource_name)
    )
    for (principal, _, _), acls in of_one:
        user = principal.removeprefix("User:")
        if user != "notyet-operator":
            rights.setdefault(user, []).append(_rule(list(acls)))
    return rights


def _rule(acls: list[Acl]) -> Schema:
    resource = {
        "type": acls[0].resource_type.lower(),
        "name": acls[0].resource_name,
        "patternType": acls[0].pattern_type.lower(),
    }
    return {"resource": resource, "operations": [acl.operation for acl in acls]}


if __name__ == "__main__":
    for path, text in rendered().items():
        path.write_text(text)
