"""The key `secrets` of the stack's configuration: its paths, and the values that nothing uses.

Deliberately absent: the values. This module reads keys only, so no message contains a value.
"""

import json
from collections.abc import Iterator
from typing import Any

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import read_document


def config_path(keys: tuple[str, ...]) -> str:
    """The `--path` of a secret; a key with a dot goes into brackets (pulumi: config set)."""
    parts = (f'["{key}"]' if "." in key else f".{key}" for key in keys)
    return "secrets" + "".join(parts)


def undeclared_values(files: StackFiles, tree: Any) -> list[Problem]:
    """Configured values of a declared repository that its declaration does not name.

    Args:
        files: the declarations.
        tree: the configuration key `secrets`: values by repository, environment and name.
    """
    return [problem for left_over, problem in _unused(files, tree) if not left_over]


def left_over_values(files: StackFiles, configured: str | None) -> list[Problem]:
    """Configured values that nothing uses any more: of removed repositories, of external secrets.

    They do not stop a run: an administrator first removes a repository's file, or declares a secret
    as `external`, and removes the value later.
    """
    tree = json.loads(configured) if configured else {}
    return [problem for left_over, problem in _unused(files, tree) if left_over]


def values_in_clear(files: StackFiles) -> Iterator[Problem]:
    """Report values that were set without --secret: they are in clear in a committed file."""
    path = files.folder.parent / f"Pulumi.{files.stack.name}.yaml"
    if not path.exists():
        return
    document = read_document(path)
    for key, tree in document.data.get("config", {}).items():
        if key.endswith(":secrets"):
            for leaf in _leaves(tree, ()):
                if leaf[-1] != "secure":
                    text = "is in clear: change it, then set the new value with --secret"
                    yield document.problem(("config", key, *leaf), text)


def _names(files: StackFiles) -> set[str]:
    """Present and former names of the declared repositories, in lower case."""
    return {
        name.lower()
        for repository in files.stack.repositories
        for name in (repository.name, *repository.previously)
    }


def _unused(files: StackFiles, tree: Any) -> Iterator[tuple[bool, Problem]]:
    """Values that nothing uses: True if left over, False if mistyped; and the problem to report."""
    known = _names(files)
    external: dict[tuple[str, ...], bool] = {
        (name, str(environment), secret): source.external
        for repository in files.stack.repositories
        for name in (repository.name, *repository.previously)
        for environment in repository.environment_names
        for secret, source in repository.environment(environment).secrets.items()
    }
    for path in _leaves(tree, ()):
        is_external = external.get(path)
        if is_external is False:
            continue
        remove = f"pulumi config rm --stack {files.stack.name} --path '{config_path(path)}'"
        if is_external:
            text = f"is declared `external`, so nothing uses this value: {remove}"
        else:
            text = (
                "no declaration names this secret: add it to the environment's `secrets`, or run "
                f"{remove}"
            )
        file = f"Pulumi.{files.stack.name}.yaml"
        left_over = bool(is_external) or path[0].lower() not in known
        yield left_over, Problem(file, 0, ".".join(("secrets", *path)), text)


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, (*path, str(key)))
    elif path:
        yield path
