"""The served schema is a part of GitHub's published schema."""

import pytest
from graphql import FieldDefinitionNode, InputValueDefinitionNode, parse, print_ast

from sandbox.github.graphql.route import SCHEMA
from tests.sandbox.github.graphql.published_extract import EXTRACT, definitions, fields


def excess(served: str, published: str) -> list[str]:
    """All served types, interfaces, fields and arguments that GitHub does not publish so."""
    theirs = definitions(parse(published))
    found = []
    for name, ours in definitions(parse(served)).items():
        if name not in theirs or theirs[name].kind != ours.kind:
            found.append(name)
            continue
        unpublished = _interfaces(ours) - _interfaces(theirs[name])
        found += [f"{name} implements {interface}" for interface in unpublished]
        found += [f"{name}.{value}" for value in sorted(_values(ours) - _values(theirs[name]))]
        known = fields(theirs[name])
        for key, field in fields(ours).items():
            found += [f"{name}.{key}{what}" for what in _differences(field, known.get(key))]
    return found


def _values(definition: object) -> set[str]:
    """The values of an enumeration."""
    return {node.name.value for node in getattr(definition, "values", None) or ()}


def _interfaces(definition: object) -> set[str]:
    return {node.name.value for node in getattr(definition, "interfaces", None) or ()}


def _differences(ours: FieldDefinitionNode, theirs: FieldDefinitionNode | None) -> list[str]:
    if theirs is None:
        return [""]
    known = {node.name.value: print_ast(node) for node in _arguments(theirs)}
    found = [
        f"({print_ast(node)})"
        for node in _arguments(ours)
        if known.get(node.name.value) != print_ast(node)
    ]
    if print_ast(ours.type) != print_ast(theirs.type):
        found.append(f": {print_ast(ours.type)}")
    return found


def _arguments(field: object) -> tuple[InputValueDefinitionNode, ...]:
    """The arguments of a field; a field of an input has none."""
    return tuple(getattr(field, "arguments", None) or ())


def test_the_served_schema_is_a_part_of_the_published_one() -> None:
    """Types, interfaces, fields and arguments are those that GitHub publishes."""
    assert excess(SCHEMA.read_text(), EXTRACT.read_text()) == []


@pytest.mark.parametrize(
    ("published", "changed", "complaint"),
    [
        ("databaseId: Int", "databaseID: Int", "Environment.databaseID"),
        ("isArchived: Boolean!", "isArchived: Boolean", "Repository.isArchived: Boolean"),
        ("first: Int", "frist: Int", "Repository.environments(frist: Int)"),
        ("followRenames: Boolean = true", "followRenames: Boolean", "Query.repository(f"),
        ("type RateLimit {", "type Rates {", "Rates"),
        ("  INTERNAL\n", "  SECRET\n", "RepositoryVisibility.SECRET"),
        ("type Ref implements Node {", "type Ref implements Node & Blob {", "Ref implements Blob"),
    ],
)
def test_the_comparison_notices(published: str, changed: str, complaint: str) -> None:
    """The comparison finds a misspelt type, field or argument, and one of a wrong type."""
    served = SCHEMA.read_text()
    assert published in served
    found = excess(served.replace(published, changed), EXTRACT.read_text())
    assert any(line.startswith(complaint) for line in found), found
