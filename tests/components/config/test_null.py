"""`null` is "explicitly none", for every key that a declaration may have, or it is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from components.config.explain import _model_of
from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.model.repository import Repository
from components.model.stack import StackSettings
from tests.stacks import SETTINGS, WriteStack

Place = tuple[str | int, ...]

#: The required keys beside an optional key, by the model's name.
NEIGHBOURS: dict[str, dict[str, Any]] = {
    "ExtraStep": {"name": "x", "run": "y"},
    "Service": {"image": "postgres:17"},
    "LambdaPackage": {"working_directory": "src"},
    "Download": {"workflow": "a.yml", "artifact": "a", "path": "a"},
}
#: A sample name for each mapping whose keys are names that the user chooses.
NAMES = {"packages": "api", "services": "db", "secrets": "TOKEN"}

#: The model's value for each key that may be `null`. The value None means that the key is unset and
#: the standard's own default holds, which the key's description names.
NONE: dict[str, Any] = {
    "timeout_minutes": None,
    "working_directory": None,
    "packages": {},
    "previously": (),
    "next_name": None,
    **{f"ci.*.{key}": () for key in ("before", "after")},
    **{f"ci.*.{key}": None for key in ("blocking", "runs_on", "timeout_minutes")},
    "actions": {},
    "ci.pull_requests": False,
    "ci.tests.services": {},
    "ci.tests.services.db.env": {},
    "ci.tests.services.db.ports": (),
    "ci.tests.services.db.options": None,
    "deploy": {},
    **{f"deploy.{key}": None for key in ("lambda_function", "alias", "command")},
    **{f"deploy.{key}": None for key in ("runs_on", "timeout_minutes")},
    **{f"deploy.{key}": () for key in ("before", "after")},
    "deploy.env": {},
    "deploy.manual": False,
    **{f"{package}.before": () for package in ("package", "packages.api")},
    **{f"{package}.dependencies": "none" for package in ("package", "packages.api")},
    "package.python_version": None,
    **{f"packages.api.{key}": None for key in ("python_version", "lambda_function", "alias")},
    "artifacts": {},
    "artifacts.s3_bucket": None,
    "artifacts.kms_key": {},
    **{f"artifacts.kms_key.{key}": None for key in ("dev", "test", "prod")},
    "artifacts.retention_days": None,
    "artifacts.downloads": (),
    "offboarding": {},
    "offboarding.now": False,
    "offboarding.workflow_files": "remove",
    "offboarding.environments": "remove",
    "unmanaged": {},
    **{f"unmanaged.{key}": () for key in ("environments", "workflows", "variables", "secrets")},
    "unmanaged.roles": (),
    "unmanaged.role_policies": (),
    "unmanaged.deployment_patterns": (),
    "unmanaged.branch_protection": (),
    "environments.*.exclusive": False,
    "environments.*.reviewers": {},
    **{f"environments.*.reviewers.{key}": () for key in ("users", "teams")},
    "environments.*.wait_minutes": 0,
    "environments.*.prevent_self_review": False,
    "environments.*.admin_bypass": False,
    "environments.*.accept_weaker": None,
    "environments.*.deployment_branches": None,
    "environments.*.deployment_protection_rules": (),
    "environments.*.deployment_tags": (),
    "environments.*.secrets": {},
    "environments.*.variables": {},
    "environments.*.role.name": None,
    "environments.*.role.path": "/",
    "environments.*.role.permissions_boundary": None,
    "environments.*.role.managed_policies": (),
    "environments.*.role.inline_policies": {},
    "environments.*.trust": {},
    # An extra step: `null` leaves GitHub's key out.
    **{
        f"{steps}.0.{key}": None
        for steps in (
            *("ci.*.before", "ci.*.after", "deploy.before", "deploy.after"),
            *("package.before", "packages.api.before"),
        )
        for key in ("id", "if", "uses", "shell", "working-directory")
    },
}


def keys(model: type[BaseModel], at: Place = ()) -> Iterator[tuple[Place, dict[Place, Any]]]:
    """Yield each optional key below a model, with the required keys beside it."""
    around = {at: NEIGHBOURS[model.__name__]} if model.__name__ in NEIGHBOURS else {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        # A step is a script or an action: test_mistakes tests `run: null`.
        if not field.is_required() and key != "run":
            yield (*at, key), around
        inner = _model_of(field.annotation)
        if inner is not None:
            several = "tuple" in str(field.annotation)
            named: Place = (0,) if several else (NAMES[key],) if key in NAMES else ()
            for path, further in keys(inner, (*at, key, *named)):
                yield path, around | further


def declared(path: Place, around: dict[Place, Any]) -> dict[str, Any]:
    """A repository's file with `null` at a path."""
    content: dict[str, Any] = {"repository": "a"}
    for place, values in [*around.items(), (path[:-1], {path[-1]: None})]:
        here: Any = content
        for part, below in zip(place, (*place, "")[1:], strict=True):
            if isinstance(here, list):
                here[:] = here or [{}]
                here = here[0]
            else:
                here = here.setdefault(part, [] if below == 0 else {})
        here.update(values)
    return content


def meaning(path: Place) -> str:
    """Return the path's key in NONE, which is the same for all environments and all CI jobs."""
    parts = [str(part) for part in path]
    if parts[0] in {"environments", "ci"} and len(parts) > 2 and "services" not in parts:
        parts[1] = "*"
    return ".".join(parts)


def found_at(repository: Repository, path: Place) -> Any:
    """The value of the model at a path."""
    here: Any = repository
    for part in path:
        if isinstance(here, dict) or isinstance(part, int):
            here = here[part]
        else:
            here = getattr(
                here, {"if": "when", "working-directory": "working_directory"}.get(part, part)
            )
    return here.model_dump(exclude_defaults=True) if isinstance(here, BaseModel) else here


REPOSITORY = dict(keys(Repository))


@pytest.mark.parametrize("first", dict.fromkeys(path[0] for path in REPOSITORY))
def test_null_is_none_or_a_mistake(write_stack: WriteStack, first: str) -> None:
    """Each key either takes `null` as the table says, or refuses it with file, line and path."""
    for path in (path for path in REPOSITORY if path[0] == first):
        folder = write_stack(a=json.dumps(declared(path, REPOSITORY[path])))
        if meaning(path) in NONE:
            (repository,) = StackFiles(folder).stack.repositories
            assert found_at(repository, path) == NONE[meaning(path)], path
            continue
        problem = refused(folder, path)
        # A value in the place of a secret's source may be the secret itself: it is never repeated.
        reason = "expected a list of names" if path[-1] == "external" else "found null"
        assert reason in problem.text, path
        assert (problem.file, problem.path) == ("stacks/s/a.yaml", ".".join(map(str, path)))


DEFAULTS = [
    path
    for path, _ in keys(StackSettings)
    if path[0] == "defaults" and path[1:] and "db" not in path
    if not any(isinstance(part, int) for part in path)
]


@pytest.mark.parametrize("first", dict.fromkeys(path[1] for path in DEFAULTS))
def test_defaults_take_null_where_a_repository_does(write_stack: WriteStack, first: str) -> None:
    """The defaults may not declare what a repository may not declare."""
    for path in (path for path in DEFAULTS if path[1] == first):
        text = ": {".join(map(str, path)) + ": null" + "}" * (len(path) - 1)
        folder = write_stack(f"{SETTINGS}{text}\n", a="repository: a\n")
        if meaning(path[1:]) in NONE:
            StackFiles(folder)
            continue
        problem = refused(folder, path)
        assert (problem.file, problem.line) == ("stacks/s/_stack.yaml", 6), path


def refused(folder: Path, path: Place) -> Problem:
    """The only problem of a stack's files, with `null` at a path."""
    try:
        StackFiles(folder)
    except ConfigurationError as error:
        (problem,) = error.problems
        return problem
    pytest.fail(f"null is accepted at {path}")


def test_a_name_that_is_null_is_taken_away(write_stack: WriteStack) -> None:
    """A repository removes an object of the defaults by declaring `null` for its name."""
    defaults = """\
defaults:
  ci: {tests: {services: {db: {image: postgres}, cache: {image: redis}}}}
  environments:
    prod: {role: {inline_policies: {queue: {Statement: []}, table: {Statement: []}}}}
"""
    text = """\
repository: a
ci: {tests: {services: {db: null}}}
environments: {prod: {role: {inline_policies: {queue: null}}}}
"""
    (repository,) = StackFiles(write_stack(SETTINGS + defaults, a=text)).stack.repositories
    assert repository.ci.tests.services.keys() == {"cache"}
    assert repository.environments.prod.role.inline_policies.keys() == {"table"}
