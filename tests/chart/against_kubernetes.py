"""Prints what an API server of some version would not take of the objects on standard input.

It runs in the environment of `make chart`'s tools, and imports nothing of ours.
"""

import json
import sys

import kubernetes_validate

for given in json.load(sys.stdin):
    name = f"{given.get('kind')} {given['metadata']['name']}"
    try:
        kubernetes_validate.validate(given, sys.argv[1], strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        print(f"{name}: there is no {given.get('apiVersion')}")  # noqa: T201
    except kubernetes_validate.ValidationError as error:
        print(f"{name}: {error.message}")  # noqa: T201
