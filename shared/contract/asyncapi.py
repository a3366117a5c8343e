"""AsyncAPI 3.0 documents, one for each service, made from `topics.py` and the event models."""

from inspect import getdoc
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from shared.contract.events.payload import Payload
from shared.contract.topics import ALL, ServiceName, Topic

Document = dict[str, Any]


class Untitled(GenerateJsonSchema):
    """Leaves out the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


_BINDING = {"bindingVersion": "0.5.0"}


def document(service: ServiceName) -> Document:
    """Describes what a service receives and sends, and the shape of every message."""
    received = [topic for topic in ALL if service in topic.consumers]
    sent = [topic for topic in ALL if service in topic.producers]
    topics = [topic for topic in ALL if topic in received or topic in sent]
    events = [event for topic in topics for event in topic.events]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Not Yet: {service}",
            "version": "1",
            "description": (
                "CloudEvents 1.0 over Kafka in binary mode; structured is read too. Event types, "
                "optional fields and members of enumerations may be added within a version: pass "
                "over the types and fields that you do not know, and take a member as unknown."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.stream: _channel(topic) for topic in topics},
        "operations": {
            **{
                f"on{event.__name__}": _operation("receive", topic, event) | _group(service, topic)
                for topic in received
                for event in topic.events
            },
            **{
                f"send{event.__name__}": _operation("send", topic, event)
                for topic in sent
                for event in topic.events
            },
        },
        "components": {
            "messages": {
                event.__name__: _message(topic, event) for topic in topics for event in topic.events
            },
            "schemas": _schemas(events),
        },
    }


def _channel(topic: Topic) -> Document:
    erasure = (
        " A record takes the place of all before it under its key; without a value it is a "
        "tombstone: the entity was erased. Of an entity under whose key there is a type that you "
        "do not know, you know only that it has changed."
    )
    configuration: Document = dict(topic.config)
    configuration["cleanup.policy"] = [configuration["cleanup.policy"]]
    for name in configuration.keys() & {"retention.ms", "delete.retention.ms"}:
        configuration[name] = int(configuration[name])
    return {
        "address": topic.name,
        "description": f"Keyed by {topic.keyed_by}.{erasure if topic.compacted else ''}",
        "messages": {
            event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}
            for event in topic.events
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                **_BINDING,
            }
        },
    }


def _operation(action: str, topic: Topic, event: type[Payload]) -> Document:
    channel = f"#/channels/{topic.stream}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.__name__}"}],
    }


def _group(service: ServiceName, topic: Topic) -> Document:
    group = {"type": "string", "enum": [topic.group(service)]}
    return {"bindings": {"kafka": {"groupId": group, **_BINDING}}}


def _message(topic: Topic, event: type[Payload]) -> Document:
    described = {"description": getdoc(event)} if event.__doc__ else {}
    return {
        "name": event.type,
        "title": event.__name__,
        **described,
        "contentType": "application/json",
        "headers": _headers(event),
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": topic.keyed_by}, **_BINDING}
        },
    }


def _headers(event: type[Payload]) -> Document:
    """The CloudEvents attributes as Kafka headers, by the specification's protocol binding."""
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_source", "ce_type"],
        "properties": {
            "ce_specversion": {"type": "string", "const": "1.0"},
            "ce_id": {**text, "description": "The same in every repetition of the event."},
            "ce_source": {**text, "format": "uri-reference"},
            "ce_type": {"type": "string", "const": event.type},
            "ce_time": {"type": "string", "format": "date-time"},
            "ce_subject": {**text, "description": "The key: the id of the entity."},
            "ce_correlationid": {**text, "description": "The id of the story's first event."},
            "ce_causationid": {**text, "description": "The id of the event this one answers."},
            "content-type": {"type": "string", "const": "application/json"},
        },
    }


def _schemas(events: list[type[Payload]]) -> Document:
    _, schemas = models_json_schema(
        [(event, "validation") for event in events],
        ref_template="#/components/schemas/{model}",
        schema_generator=Untitled,
    )
    return dict(schemas["$defs"])
