"""Finds what in a changed JSON Schema would break a program that was written against the old one.

Inside one version of an event only additions are free: optional fields, and members of
enumerations, which readers take as unknown. All else breaks somebody: a tighter rule makes new
readers refuse old events, and a looser one makes old readers, which are deployed apart from the
writers, refuse new events.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

FOLLOWED = frozenset({"$ref", "anyOf", "enum", "items", "properties", "required", "type"})
SILENT = frozenset({"$defs", "$schema", "description", "examples", "title"})
"""These say nothing about which events are valid."""

UNKNOWN = frozenset({"allOf", "oneOf", "not", "patternProperties", "prefixItems", "discriminator"})
"""Not used by our events so far; whoever uses one extends the comparison first."""


def breaks(old: Schema, new: Schema) -> list[str]:
    """Says in one line each, with the field's path, what breaks."""
    return list(_node(_Side(old, old), _Side(new, new), "$"))


class _Side:
    """One of the two schemas at the place that is being compared, references followed."""

    def __init__(self, node: Schema, root: Schema) -> None:
        while "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            node = root["$defs"][name] | {k: v for k, v in node.items() if k != "$ref"}
        if met := UNKNOWN & node.keys():
            raise ValueError(f"the comparison does not know {', '.join(sorted(met))}")
        self.node = node
        self.root = root

    def at(self, child: Schema) -> "_Side":
        return _Side(child, self.root)

    @property
    def kinds(self) -> dict[str, "_Side"]:
        """The alternatives by their type; a schema without `anyOf` is its only one."""
        branches = [self.at(branch) for branch in self.node.get("anyOf", [self.node])]
        kinds = {str(branch.node.get("type", "any")): branch for branch in branches}
        if len(kinds) < len(branches):
            raise ValueError("the comparison knows one alternative of each type")
        return kinds

    @property
    def properties(self) -> dict[str, "_Side"]:
        return {name: self.at(node) for name, node in self.node.get("properties", {}).items()}

    @property
    def required(self) -> set[str]:
        return set(self.node.get("required", []))


def _node(old: _Side, new: _Side, path: str) -> Iterator[str]:
    if "anyOf" in old.node or "anyOf" in new.node:
        yield from _keywords(old.node, new.node, path, {"default"})
    for kind in old.kinds.keys() - new.kinds.keys():
        yield f"{path}: no longer {kind}"
    for kind in new.kinds.keys() - old.kinds.keys():
        yield f"{path}: may now be {kind}, which older readers refuse"
    for kind in old.kinds.keys() & new.kinds.keys():
        yield from _kind(old.kinds[kind], new.kinds[kind], path)


def _kind(old: _Side, new: _Side, path: str) -> Iterator[str]:
    keywords = (old.node.keys() | new.node.keys()) - SILENT - FOLLOWED
    yield from _keywords(old.node, new.node, path, keywords)
    yield from _values(old.node, new.node, path)
    yield from _fields(old, new, path)
    if "items" in old.node.keys() | new.node.keys():
        before, after = (side.at(side.node.get("items", {})) for side in (old, new))
        yield from _node(before, after, f"{path}[]")


def _keywords(old: Schema, new: Schema, path: str, keywords: set[str]) -> Iterator[str]:
    for keyword in sorted(keywords):
        before, after = old.get(keyword), new.get(keyword)
        if before != after:
            yield f"{path}: {keyword} was {before!r}, is {after!r}"


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new):
        yield from _keywords(old, new, path, {"enum"})
        return
    before, after = set(old.get("enum", [])), set(new.get("enum", []))
    for value in sorted(before - after):
        yield f"{path}: no longer {value!r}"


def _fields(old: _Side, new: _Side, path: str) -> Iterator[str]:
    before, after = old.properties, new.properties
    for name in sorted(before.keys() - after.keys()):
        yield f"{path}.{name}: removed or renamed"
    for name in sorted((after.keys() - before.keys()) & new.required):
        yield f"{path}.{name}: new and required"
    for name in sorted(before.keys() & after.keys()):
        if name in new.required - old.required:
            yield f"{path}.{name}: required now, and older events may lack it"
        if name in old.required - new.required:
            yield f"{path}.{name}: optional now, and older readers need it"
        yield from _node(before[name], after[name], f"{path}.{name}")
