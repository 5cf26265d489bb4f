"""Put the content of a seed document into the store.

Seeding only adds: an object that exists already is not changed, except that organisations gain
members and teams, Apps gain installations, and the site is replaced.
"""

import time

from sandbox.github.accounts import Account, EnterpriseTeam, Organization, Team, Token
from sandbox.github.apps import App
from sandbox.github.clock import now
from sandbox.github.creation import create_repository, signature
from sandbox.github.environments import BranchPolicy, Environment, Protection, Secret, Variable
from sandbox.github.repositories import Repository, SubjectSettings
from sandbox.github.seed import (
    AppSeed,
    EnvironmentSeed,
    OrganizationSeed,
    RepositorySeed,
    ReviewersSeed,
    Seed,
    TokenSeed,
)
from sandbox.github.site import Site
from sandbox.github.store import Store


class SeedError(Exception):
    """A seed document refers to an object that does not exist."""


def plant(store: Store, seed: Seed) -> None:
    """Add everything in the document to the store.

    Raises:
        SeedError: the document refers to an unknown account, team or repository.
    """
    if seed.site is not None:
        store.site = Site(seed.site.host, seed.site.issuer_enterprise_slug)
    store.accepts_unsealed_secrets |= seed.accept_unsealed_secrets
    for user in seed.users:
        if store.account(user.login) is None:
            key = user.id or store.next_id()
            name = user.name or user.login
            store.add_account(Account(key, user.login, name, now(), user.plan))
    for organization in seed.organizations:
        _plant_organization(store, organization)
    for repository in seed.repositories:
        if store.repository(repository.owner, repository.name) is None:
            _plant_repository(store, repository)
    for organization in seed.organizations:
        _grant(store, organization)
    for app in seed.apps:
        _plant_app(store, app)
    for token in seed.tokens:
        _plant_token(store, token)


def _plant_app(store: Store, seed: AppSeed) -> None:
    app = store.apps.get(seed.slug)
    if app is None:
        app = store.apps[seed.slug] = App(seed.id or store.next_id(), seed.slug)
    for place in seed.installed_on:
        owner, _, name = place.partition("/")
        if not name:
            app.account_ids.add(_account(store, owner).id)
            continue
        repository = store.repository(owner, name)
        if repository is None:
            raise SeedError(f"App {seed.slug}: no repository {place}")
        app.repository_ids.add(repository.id)


def _plant_token(store: Store, seed: TokenSeed) -> None:
    rights = seed.rights
    if rights is not None:
        rights = {name.lower(): granted for name, granted in rights.items()}
    planted = Token(seed.token, _account(store, seed.login).login, seed.kind, rights=rights)
    if seed.app is not None:
        app = store.apps.get(seed.app)
        if app is None:
            raise SeedError(f"token of App {seed.app}: no such App")
        planted.app_id = app.id
    if seed.permissions is not None:
        planted.permissions = dict(seed.permissions)
    if seed.scopes is not None:
        planted.scopes = frozenset(seed.scopes)
    if seed.rate_limit is not None:
        planted.rate_limit = seed.rate_limit
    if seed.resets_in is not None:
        planted.window = int(time.time()) - 3600 + seed.resets_in
    store.tokens[seed.token] = planted


def _plant_organization(store: Store, seed: OrganizationSeed) -> None:
    owner = store.organization(seed.login)
    if owner is None:
        key = seed.id or store.next_id()
        owner = Organization(key, seed.login, seed.name or seed.login, now())
        store.add_account(owner)
        owner.plan, owner.base_permission = seed.plan, seed.base_permission
        owner.use_immutable_subject = seed.use_immutable_subject
    roles = dict.fromkeys(seed.members, "member") | dict.fromkeys(seed.admins, "admin")
    for login, role in roles.items():
        owner.members[_account(store, login).login.lower()] = role
    for team in seed.teams:
        moment = now()
        found = owner.teams.get(team.slug)
        if found is None:
            key = team.id or store.next_id()
            found = Team(key, team.name or team.slug, team.slug, moment, moment, privacy="closed")
            owner.teams[team.slug] = found
        roles = dict.fromkeys(team.members, "member") | dict.fromkeys(
            team.maintainers, "maintainer"
        )
        for login, role in roles.items():
            found.members[_account(store, login).login.lower()] = role
            owner.members.setdefault(login.lower(), "member")


def _grant(store: Store, seed: OrganizationSeed) -> None:
    owner = store.organization(seed.login)
    assert owner is not None
    for team in seed.teams:
        for name, granted in team.repositories.items():
            repository = store.repository(seed.login, name)
            if repository is None:
                raise SeedError(f"team {team.slug}: no repository {seed.login}/{name}")
            owner.teams[team.slug].grants[repository.id] = granted


def _plant_repository(store: Store, seed: RepositorySeed) -> None:
    owner = _account(store, seed.owner)
    repository = create_repository(
        store,
        owner,
        seed.name,
        repository_id=seed.id,
        created_at=seed.created_at,
    )
    repository.default_branch = seed.default_branch
    repository.git.set_head(seed.default_branch)
    repository.description, repository.topics = seed.description, list(seed.topics)
    repository.internal, repository.private = seed.internal, seed.private or seed.internal
    repository.archived = seed.archived
    repository.collaborators = {
        _account(store, login).login.lower(): granted
        for login, granted in seed.collaborators.items()
    }
    _plant_files(repository, seed)
    for environment in seed.environments:
        planted = _environment(store, repository, environment)
        repository.environments[environment.name.lower()] = planted
    repository.subject = SubjectSettings(
        seed.oidc.use_default,
        tuple(seed.oidc.include_claim_keys),
        seed.oidc.use_immutable_subject,
    )


def _plant_files(repository: Repository, seed: RepositorySeed) -> None:
    git, who = repository.git, signature(repository.owner)

    def commit(branch: str, files: dict[str, str], message: str) -> None:
        data = {path: text.encode() for path, text in files.items()}
        git.commit_files(branch, {**data}, message, who, who)

    if seed.files:
        commit(seed.default_branch, seed.files, "Initial commit")
    branches = seed.branches
    if isinstance(branches, list):
        branches = {name: {} for name in branches}
    for name, files in branches.items():
        head = git.ref(f"refs/heads/{seed.default_branch}")
        if head is not None:
            git.set_ref(f"refs/heads/{name}", head)
        elif not files:
            raise SeedError(f"{repository.full_name}: branch {name} of a repository without files")
        if files:
            commit(name, files, f"Begin {name}")


def _environment(store: Store, repository: Repository, seed: EnvironmentSeed) -> Environment:
    moment = now()
    custom = None
    if seed.protected_branches:
        custom = False
    elif seed.branches or seed.tags:
        custom = True
    patterns = [(name, "branch") for name in seed.branches] + [(name, "tag") for name in seed.tags]
    policies = [BranchPolicy(store.next_id(), name, kind) for name, kind in patterns]
    return Environment(
        id=store.next_id(),
        name=seed.name,
        rule_ids={
            rule: store.next_id() for rule in ("wait_timer", "required_reviewers", "branch_policy")
        },
        created_at=moment,
        updated_at=moment,
        protection=Protection(
            seed.wait_timer,
            seed.prevent_self_review,
            seed.can_admins_bypass,
            tuple(reviewers(store, repository, seed.reviewers)),
            custom,
        ),
        policies={policy.id: policy for policy in policies},
        variables={
            name: Variable(name, value, moment, moment) for name, value in seed.variables.items()
        },
        secrets={name: Secret(name, value, moment, moment) for name, value in seed.secrets.items()},
    )


def reviewers(
    store: Store, repository: Repository, seed: ReviewersSeed
) -> list[Account | Team | EnterpriseTeam]:
    """The accounts and teams that a seed names as reviewers.

    Raises:
        SeedError: an account or a team does not exist.
    """
    owner = repository.owner
    teams = owner.teams if isinstance(owner, Organization) else {}
    unknown = [slug for slug in seed.teams if slug not in teams]
    if unknown:
        raise SeedError(f"{repository.full_name}: no team {', '.join(unknown)}")
    users = [_account(store, login) for login in seed.users]
    further = [EnterpriseTeam(slug) for slug in seed.enterprise_teams]
    return [*users, *(teams[slug] for slug in seed.teams), *further]


def _account(store: Store, login: str) -> Account:
    found = store.account(login)
    if found is None:
        raise SeedError(f"no account {login}")
    return found
