"""Read the objects on GitHub and in AWS from the sandbox; the difference is what a run made.

A cost per object is only worth something if the objects are counted. Each is a tuple that begins
with its kind and has everything that tells whether two are the same.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.e2e.conftest import World

_OWNER = "acme"
Object = tuple[str, ...]


def on_github(world: World, repositories: Collection[str]) -> set[Object]:
    """Everything in these repositories that slipway and the configuration in hcl/ write."""
    with ThreadPoolExecutor(2) as pool:
        read = pool.map(lambda name: set(_in_repository(world, name)), repositories)
        return set().union(*read)


def in_aws(world: World, accounts: Collection[str]) -> set[Object]:
    """The roles of slipway's path with their policies, and OIDC providers."""
    return {found for account in accounts for found in _in_account(world, account)}


def by_kind(objects: Collection[Object]) -> dict[str, int]:
    """How many there are of each kind."""
    return dict(sorted(Counter(kind for kind, *_ in objects).items()))


def _in_repository(world: World, name: str) -> Iterator[Object]:
    get = partial(world.github, "GET")
    repository = f"repos/{_OWNER}/{name}"
    for branch in get(f"{repository}/branches?per_page=100"):
        at = branch["name"]
        yield "branch", name, at
        tree = get(f"{repository}/git/trees/{at}?recursive=1")["tree"]
        for entry in tree:
            if entry["type"] == "blob":
                yield "file", name, at, entry["path"], entry["sha"]
    for environment in get(f"{repository}/environments?per_page=100")["environments"]:
        inside = f"{repository}/environments/{environment['name']}"
        where = (name, environment["name"])
        yield "environment", *where, str(environment["can_admins_bypass"])
        policies = get(f"{inside}/deployment-branch-policies?per_page=100")
        for policy in policies["branch_policies"]:
            yield "branch policy", *where, policy["name"]
        for variable in get(f"{inside}/variables?per_page=30")["variables"]:
            yield "variable", *where, variable["name"], variable["value"]
        for secret in get(f"{inside}/secrets?per_page=100")["secrets"]:
            yield "secret", *where, secret["name"]


def _in_account(world: World, account: str) -> Iterator[Object]:
    iam = world.iam(account)
    try:
        for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            yield "OIDC provider", account, provider["Arn"]
        for page in iam.get_paginator("list_roles").paginate(PathPrefix="/slipway/"):
            for role in page["Roles"]:
                yield "role", account, role["RoleName"]
                for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                    yield "role policy", account, role["RoleName"], policy
    finally:
        iam.close()
