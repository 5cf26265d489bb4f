"""Labels of a repository: list, get, create."""

import re
from typing import Final

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.issues import Label
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import issues as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("labels", REPOSITORY)

#: The colour of a label that was created without one.
_GREY: Final = "ededed"
_COLOUR: Final = re.compile(r"[0-9a-fA-F]{6}")
_LONGEST_DESCRIPTION: Final = 100


class LabelBody(Body):
    """A label."""

    name: str
    color: str = _GREY
    description: str | None = None


@routes.get("/labels")
def list_labels() -> Response:
    """List labels for a repository.

    docs.github.com/rest/issues/labels#list-labels-for-a-repository
    """
    repository = access.repository()
    found = sorted(repository.labels.values(), key=lambda label: label.name.lower())
    return answer([render.label(repository, each) for each in page(found)])


@routes.post("/labels")
def create_label() -> Response:
    """Create a label.

    docs.github.com/rest/issues/labels#create-a-label
    """
    repository = access.repository(Permission.PUSH)
    body = read(LabelBody)
    if body.name.lower() in repository.labels:
        raise errors.validation_failed("Label", "name", "already_exists")
    if not body.name.strip():
        raise errors.validation_failed("Label", "name", "missing_field")
    if not _COLOUR.fullmatch(body.color):
        raise errors.validation_failed("Label", "color", "invalid")
    if len(body.description or "") > _LONGEST_DESCRIPTION:
        raise errors.validation_failed("Label", "description", "invalid")
    found = _make(repository, body.name, body.color.lower(), body.description)
    shown = render.label(repository, found)
    return answer(shown, 201, {"Location": shown["url"]})


@routes.get("/labels/<name>")
def get_label(name: str) -> Response:
    """Get a label; names ignore case.

    docs.github.com/rest/issues/labels#get-a-label
    """
    repository = access.repository()
    found = repository.labels.get(name.lower())
    if found is None:
        raise errors.not_found()
    return answer(render.label(repository, found))


def labels_named(repository: Repository, names: list[str]) -> list[Label]:
    """The labels for an issue. A missing label is created, grey and without description.

    GitHub does so, but does not document it (github/docs issue 35718).
    """
    unique = {name.lower(): name for name in reversed(names)}
    return [
        repository.labels.get(key) or _make(repository, unique[key], _GREY, None)
        for key in reversed(unique)
    ]


def _make(repository: Repository, name: str, color: str, description: str | None) -> Label:
    made = Label(access.store().next_id(), name, color, description)
    repository.labels[name.lower()] = made
    return made
