"""Cut the part of GitHub's GraphQL schema that the emulator serves, for the schema's test.

    npm pack @octokit/graphql-schema@15.26.1 && tar xzf octokit-graphql-schema-15.26.1.tgz
    python -m tests.sandbox.github.graphql.published_extract package/schema.graphql

The schema is GitHub's own, published under the MIT licence (see published.LICENSE). The extract has
the served types and fields without descriptions; a field has all its arguments, although the
emulator may serve fewer. Run it again for a new field or a new version of the schema.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graphql import DocumentNode, FieldDefinitionNode, Visitor, parse, print_ast, visit
from graphql.language import REMOVE, TypeDefinitionNode

from sandbox.github.graphql.route import SCHEMA

EXTRACT: Final = Path(__file__).with_name("published.graphql")
_SOURCE: Final = "# @octokit/graphql-schema 15.26.1, schema.graphql\n\n"


def definitions(document: DocumentNode) -> dict[str, TypeDefinitionNode]:
    """The types of a schema, by name."""
    found = (node for node in document.definitions if isinstance(node, TypeDefinitionNode))
    return {node.name.value: node for node in found}


def fields(definition: TypeDefinitionNode) -> dict[str, FieldDefinitionNode]:
    """The fields of a type by name; a scalar has none."""
    return {node.name.value: node for node in getattr(definition, "fields", None) or ()}


class _WithoutProse(Visitor):
    """Removes descriptions."""

    def enter(self, node: Any, *_place: object) -> Any:
        if getattr(node, "description", None) is not None:
            return replace(node, description=None)
        return REMOVE if node.kind == "directive" else None


def extract(published: str, served: str) -> str:
    """The part of the published schema that the emulator serves."""
    whole = definitions(parse(published, no_location=True))
    parts = []
    for name, ours in sorted(definitions(parse(served, no_location=True)).items()):
        theirs: Any = whole[name]
        if wanted := fields(ours):
            kept = tuple(node for key, node in fields(theirs).items() if key in wanted)
            theirs = replace(theirs, fields=kept)
        parts.append(print_ast(visit(theirs, _WithoutProse())))
    return _SOURCE + "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    cut = extract(Path(sys.argv[1]).read_text(encoding="utf-8"), SCHEMA.read_text(encoding="utf-8"))
    EXTRACT.write_text(cut, encoding="utf-8")
