"""Cut the part of GitHub's OpenAPI description that the emulator serves, for the contract tests.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
    python -m tests.sandbox.github.openapi_extract package/generated/api.github.com.json

The description is GitHub's own, published under the MIT licence (see openapi.LICENSE). The extract
has only paths, answers and their schemas, without prose and examples, so that the tests need
neither npm nor the 10 MB original. Run it again for a new route or a new version.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sandbox.github import Store, create_app
from sandbox.github.request_log import WRITES
from sandbox.github.route_template import API, template

EXTRACT: Final = Path(__file__).parent / "openapi.json"
_SOURCE: Final = "@octokit/openapi 23.0.2, generated/api.github.com.json"
#: Keywords that do not restrict an answer; a discriminator is a hint for generators.
_PROSE: Final = {
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "summary",
    "title",
}


def served_routes() -> set[tuple[str, str]]:
    """Method and path of every route, as the description writes them.

    GitHub describes repositories by name and teams by slug; the routes by id are aliases.
    """
    rules = create_app(Store()).url_map.iter_rules()
    found = set()
    for rule in rules:
        path = template(rule.rule)
        if rule.rule.startswith(API) and "{repository_id}" not in path and "{org_id}" not in path:
            methods = (rule.methods or set()) & (WRITES | {"GET"})
            found |= {(method, path) for method in methods if not _is_root_folder(path)}
    return found


def _is_root_folder(path: str) -> bool:
    """Whether it is the extra route for the root folder, which GitHub describes as empty path."""
    return path.rstrip("/").endswith("/contents")


def extract(description: dict[str, Any]) -> dict[str, Any]:
    """The part of the description for the served routes."""
    paths: dict[str, Any] = {}
    for method, path in sorted(served_routes()):
        operation = description["paths"][path][method.lower()]
        answers = {
            status: _answer(description, answer)
            for status, answer in operation["responses"].items()
        }
        paths.setdefault(path, {})[method.lower()] = {
            "documentation": operation["externalDocs"]["url"],
            "responses": answers,
        }
    schemas: dict[str, Any] = {}
    wanted = set(_references(paths))
    while wanted:
        name = wanted.pop()
        schemas[name] = _bare(description["components"]["schemas"][name])
        wanted |= set(_references(schemas[name])) - schemas.keys()
    return {
        "source": _SOURCE,
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _answer(description: dict[str, Any], answer: dict[str, Any]) -> Any:
    """The schema of one answer; None for one without a body."""
    if "$ref" in answer:
        answer = description["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    for kind, content in answer.get("content", {}).items():
        if kind.startswith("application/json"):
            return _bare(content["schema"])
    return None


def _bare(node: Any, *, names: bool = False) -> Any:
    """The node without prose; the keys below `properties` are names, not keywords."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _bare(value, names=key == "properties" and not names)
        for key, value in node.items()
        if names or key not in _PROSE
    }


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    EXTRACT.write_text(json.dumps(extract(whole), indent=1) + "\n", encoding="utf-8")
