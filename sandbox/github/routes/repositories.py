"""Repositories: create, get, change, delete; their topics and vulnerability alerts."""

import re
from typing import Final

from flask import Response

from sandbox.github import access, errors
from sandbox.github.accounts import Account, Organization
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.creation import create_repository, initial_commit
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.render import repositories as render
from sandbox.github.repositories import DEFAULT_SETTINGS, Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("repositories", REPOSITORY)
creation = Family("repository_creation")

_NAME: Final = re.compile(r"[\w.-]{1,100}", re.ASCII)
_TOPIC: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")


class RepositoryBody(Body):
    """The writable members of a repository; its settings are those of DEFAULT_SETTINGS."""

    name: str | None = None
    description: str | None = None
    homepage: str | None = None
    private: bool | None = None
    visibility: str | None = None
    archived: bool | None = None
    default_branch: str | None = None
    security_and_analysis: dict[str, dict[str, str]] | None = None
    auto_init: bool = False
    gitignore_template: str | None = None
    license_template: str | None = None
    team_id: int | None = None
    has_issues: bool | None = None
    has_projects: bool | None = None
    has_wiki: bool | None = None
    has_discussions: bool | None = None
    has_downloads: bool | None = None
    is_template: bool | None = None
    allow_squash_merge: bool | None = None
    allow_merge_commit: bool | None = None
    allow_rebase_merge: bool | None = None
    allow_auto_merge: bool | None = None
    delete_branch_on_merge: bool | None = None
    allow_update_branch: bool | None = None
    use_squash_pr_title_as_default: bool | None = None
    squash_merge_commit_title: str | None = None
    squash_merge_commit_message: str | None = None
    merge_commit_title: str | None = None
    merge_commit_message: str | None = None
    allow_forking: bool | None = None
    web_commit_signoff_required: bool | None = None


class TopicsBody(Body):
    """All topics of a repository."""

    names: list[str]


@creation.post("/orgs/<org>/repos")
def create_organization_repository(org: str) -> Response:
    """Create an organization repository.

    docs.github.com/rest/repos/repos#create-an-organization-repository
    """
    owner = access.organization(org)
    if access.token().login.lower() not in owner.members:
        raise errors.forbidden(
            "You need admin access to the organization before adding a repository to it."
        )
    return _create(owner)


@creation.post("/user/repos")
def create_user_repository() -> Response:
    """Create a repository for the authenticated user.

    docs.github.com/rest/repos/repos#create-a-repository-for-the-authenticated-user
    """
    return _create(access.caller())


@routes.get("")
def get_repository() -> Response:
    """Get a repository.

    docs.github.com/rest/repos/repos#get-a-repository
    """
    found = access.repository()
    return answer(render.full(found, access.permission(found)))


@routes.patch("")
def update_repository() -> Response:
    """Update a repository.

    docs.github.com/rest/repos/repos#update-a-repository
    """
    found = access.archived_repository(Permission.ADMIN)
    body = read(RepositoryBody)
    if found.archived and body.archived is not False:
        raise errors.archived()
    if body.name is not None:
        _check_name(found.owner, body.name, found)
    if body.default_branch is not None:
        _set_default_branch(found, body.default_branch)
    if body.name is not None and body.name != found.name:
        access.store().move_repository(found, found.owner, body.name)
    _apply(found, body)
    return answer(render.full(found, Permission.ADMIN))


@routes.delete("")
def delete_repository() -> Response:
    """Delete a repository.

    docs.github.com/rest/repos/repos#delete-a-repository
    """
    access.store().remove_repository(access.archived_repository(Permission.ADMIN))
    return Response(status=204)


@routes.get("/topics")
def get_topics() -> Response:
    """Get all repository topics.

    docs.github.com/rest/repos/repos#get-all-repository-topics
    """
    return answer({"names": access.repository().topics})


@routes.put("/topics")
def replace_topics() -> Response:
    """Replace all repository topics.

    docs.github.com/rest/repos/repos#replace-all-repository-topics
    """
    found = access.repository(Permission.ADMIN)
    names = read(TopicsBody).names
    wrong = [name for name in names if not _TOPIC.fullmatch(name)]
    if wrong:
        raise errors.validation_failed_simply(
            "Topics must start with a lowercase letter or number, consist of 50 characters or "
            "less, and can include hyphens."
        )
    found.topics = list(dict.fromkeys(names))
    return answer({"names": found.topics})


@routes.get("/vulnerability-alerts")
def check_vulnerability_alerts() -> Response:
    """Check if vulnerability alerts are enabled for a repository; archived ones have none.

    docs.github.com/rest/repos/repos#check-if-vulnerability-alerts-are-enabled-for-a-repository
    """
    found = access.repository(Permission.ADMIN)
    if found.archived or not found.vulnerability_alerts:
        raise errors.not_found("Vulnerability alerts are disabled.")
    return Response(status=204)


@routes.put("/vulnerability-alerts")
def enable_vulnerability_alerts() -> Response:
    """Enable vulnerability alerts.

    docs.github.com/rest/repos/repos#enable-vulnerability-alerts
    """
    access.repository(Permission.ADMIN).vulnerability_alerts = True
    return Response(status=204)


@routes.delete("/vulnerability-alerts")
def disable_vulnerability_alerts() -> Response:
    """Disable vulnerability alerts.

    docs.github.com/rest/repos/repos#disable-vulnerability-alerts
    """
    access.repository(Permission.ADMIN).vulnerability_alerts = False
    return Response(status=204)


def _create(owner: Account) -> Response:
    body = read(RepositoryBody)
    if body.name is None:
        raise errors.invalid('"name" wasn\'t supplied.')
    _check_name(owner, body.name, None)
    store = access.store()
    pair = store.team_by_id(body.team_id) if body.team_id is not None else None
    if body.team_id is not None and (pair is None or pair[0] is not owner):
        raise errors.validation_failed("Repository", "team_id", "invalid")
    found = create_repository(store, owner, body.name)
    _apply(found, body)
    if body.auto_init:
        initial_commit(
            found,
            access.caller(),
            gitignore=body.gitignore_template,
            licence=body.license_template,
        )
    if pair is not None:
        pair[1].grants[found.id] = Permission.PUSH
    if isinstance(owner, Organization):
        # The creator of a repository administers it, also without owning the organisation.
        found.collaborators[access.token().login.lower()] = Permission.ADMIN
    return answer(render.full(found, Permission.ADMIN), 201)


def _check_name(owner: Account, name: str, self: Repository | None) -> None:
    if not _NAME.fullmatch(name):
        raise errors.validation_failed("Repository", "name", "custom", "name is invalid")
    if access.store().repository(owner.login, name) not in {None, self}:
        raise errors.validation_failed(
            "Repository", "name", "custom", "name already exists on this account"
        )


def _set_default_branch(found: Repository, branch: str) -> None:
    if branch != found.default_branch and branch not in found.git.branches():
        raise errors.validation_failed(
            "Repository",
            "default_branch",
            "invalid",
            f"The branch {branch} was not found. Please push that ref first or create it via the "
            "Git Data API.",
        )
    found.default_branch = branch
    found.git.set_head(branch)


def _apply(found: Repository, body: RepositoryBody) -> None:
    """Write all members of the body except the name and the default branch."""
    sent = body.model_fields_set
    if "description" in sent:
        found.description = body.description or None
    if "homepage" in sent:
        found.homepage = body.homepage or None
    if body.private is not None:
        found.private, found.internal = body.private, found.internal and body.private
    if body.visibility is not None:
        found.private = body.visibility != "public"
        found.internal = body.visibility == "internal"
    if body.archived is not None:
        found.archived = body.archived
    for feature, choice in (body.security_and_analysis or {}).items():
        if feature in found.security:
            found.security[feature] = choice.get("status", found.security[feature])
    for setting in DEFAULT_SETTINGS:
        value = getattr(body, setting)
        if value is not None:
            found.settings[setting] = value
    found.updated_at = now()
