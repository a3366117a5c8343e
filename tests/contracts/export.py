"""Writes the JSON Schema of every event, as readers apply it, unless that would break somebody.

python -m tests.contracts.export
"""

import argparse
import json
import sys
from pathlib import Path

from shared.contract.asyncapi import Untitled
from shared.contract.events.payload import Payload
from shared.contract.topics import ALL
from tests.contracts.breaking import Schema, breaks

SCHEMAS = Path(__file__).with_name("schemas")
EXAMPLES = Path(__file__).with_name("examples")

EVENTS: dict[str, type[Payload]] = {
    type_: event for topic in ALL for type_, event in topic.event_types.items()
}

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schema_of(event: type[Payload]) -> Schema:
    """Returns the schema by which the body of this event is read."""
    return _DIALECT | event.model_json_schema(schema_generator=Untitled)


def committed(type_: str) -> Schema | None:
    """Returns the schema that others rely on; None for a type that is new."""
    path = SCHEMAS / f"{type_}.json"
    schema: Schema | None = json.loads(path.read_text()) if path.exists() else None
    return schema


def broken() -> list[str]:
    """Says what the models as they are now would break."""
    gone = [path.stem for path in SCHEMAS.glob("*.json") if path.stem not in EVENTS]
    return [f"{type_} is no longer there" for type_ in sorted(gone)] + [
        f"{type_} {line}"
        for type_, event in EVENTS.items()
        for line in breaks(committed(type_) or schema_of(event), schema_of(event))
    ]


def export() -> None:
    SCHEMAS.mkdir(exist_ok=True)
    for path in SCHEMAS.glob("*.json"):
        if path.stem not in EVENTS:
            path.unlink()
    for type_, event in EVENTS.items():
        text = json.dumps(schema_of(event), indent=2, ensure_ascii=False)
        (SCHEMAS / f"{type_}.json").write_text(f"{text}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--unpublished",
        action="store_true",
        help="write it all the same: nobody has published or read these events yet",
    )
    if (lines := broken()) and not parser.parse_args().unpublished:
        sys.stderr.write("\n".join(["Give these changes a new event type instead:", *lines, ""]))
        return 1
    export()
    return 0


if __name__ == "__main__":
    sys.exit(main())
