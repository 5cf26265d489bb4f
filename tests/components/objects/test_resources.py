"""Components register exactly the desired objects, with their inputs, dependencies and options."""

import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from components.config.stack_files import StackFiles
from components.model.delivery import HEADS, ByPullRequest
from components.model.environment import TEAM
from components.model.live import Live, LiveRepository
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import EnvironmentName
from components.objects.desired import Desired, desired
from components.objects.kind import Place
from components.objects.kinds import (
    BRANCH,
    BY_TYPE,
    ENVIRONMENT,
    KINDS,
    OIDC_PROVIDER,
    PULL_REQUEST,
    ROLE,
    SECRET,
    WORKFLOW,
)
from components.resources.onboarded_stack import onboarded
from components.resources.providers import aws_providers, github_provider
from operations.engine.steps import Step, object_of, repository_of
from operations.terminal.output import PROJECT
from tests.components.resources.conftest import Provision, Recorder
from tests.components.resources.options import Options
from tests.stacks import FEWER

#: Declared keys that no sample stack has.
MORE: dict[str, Any] = {
    "offboarding": {"environments": "keep", "workflow_files": "keep"},
    "previously": ["invoices", "accounts"],
    "unmanaged": {"role_policies": ["audit"]},
    "environments": {
        "prod": {
            "deployment_tags": ["v*"],
            "deployment_protection_rules": ["change-gate"],
            "secrets": {"KEY": "config", "OTHER": "external"},
            "variables": {"Mode": "fast"},
            "role": {"managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
        }
    },
}


def sample(name: str) -> Stack:
    """Return a stack of this project; AWS's own sample has a provider that exists."""
    return StackFiles(PROJECT / "stacks" / name).stack


def stacks() -> dict[str, Stack]:
    """Return the sample stacks, one with every declarable key, and one with fewer environments."""
    found = {name: sample(name) for name in ("sandbox", "example")}
    first, *rest = found["sandbox"].repositories
    content = first.model_dump(exclude_unset=True) | MORE
    changed = Repository.model_validate(content)
    more = found["sandbox"].model_copy(update={"repositories": (changed, *rest)})
    fewer = tuple(
        Repository.model_validate({"repository": f"fewer-{number}"} | declared)
        for number, declared in enumerate(FEWER)
    )
    return found | {"more": more, "fewer": more.model_copy(update={"repositories": fewer})}


STACKS = stacks()
#: Stacks with one repository whose files arrive by pull request.
BY_PULL_REQUEST = frozenset({"more"})
#: Stacks whose repositories have no branch `develop` yet.
NO_DEVELOP = frozenset({"sandbox"})


def live(name: str) -> Live:
    """Some ids, and facts of each repository."""
    stack = STACKS[name]
    reviewers = [
        one.environment(env).reviewers
        for one in stack.repositories
        for env in one.environment_names
    ]
    users = {login.lower() for one in reviewers for login in one.users}
    teams = {slug for one in reviewers for slug in one.teams}
    return Live(
        users={login: number for number, login in enumerate(sorted(users), 10)},
        teams={slug: number for number, slug in enumerate(sorted(teams), 100)},
        repositories={
            repository.name: LiveRepository(
                id=number,
                full_name=f"acme/{repository.name}",
                html_url=f"https://github.com/acme/{repository.name}",
                default_branch="main",
                subject_prefix=f"repo:acme@1/{repository.name}@{number}",
                visibility="public",
                by_pull_request=REQUESTED if name in BY_PULL_REQUEST and not number else {},
                missing_branches=frozenset({"develop"} if name in NO_DEVELOP else ()),
            )
            for number, repository in enumerate(stack.repositories)
        },
    )


#: `main` has one old file and gets three; `develop` needs none.
REQUESTED = {
    "main": ByPullRequest(
        there=frozenset({"python-dev.yml"}),
        pending=("python-dev.yml", "python-test.yml", "python-prd.yml"),
        content="0123456789abcdef",
        head="slipway/main-0123456789",
    ),
    "develop": ByPullRequest(there=frozenset({"python-dev.yml"}), pending=()),
}


_REGISTERED: dict[str, Recorder] = {}


def registered(provision: Provision, sample: str) -> Recorder:
    """Return the registered resources; they are registered once, and the tests only read them."""
    stack, facts = STACKS[sample], live(sample)

    def program() -> None:
        secrets = {key[:3]: pulumi.Output.secret("marker") for key in named_secrets(stack)}
        github = pulumi.ResourceOptions(providers=[github_provider(stack.settings)])
        onboarded(stack, facts, secrets, aws_providers(stack.settings), github, delete=print)

    if sample not in _REGISTERED:
        _REGISTERED[sample] = provision(program)
    return _REGISTERED[sample]


def named_secrets(stack: Stack) -> Iterator[tuple[str, EnvironmentName, str]]:
    """Repository, environment and name of each secret that slipway writes."""
    for repository, environment, name, _ in stack.managed_secrets():
        yield repository.name, environment, name


def objects(recorder: Recorder, stack: Stack) -> dict[str, tuple[Place, dict[str, Any]]]:
    """Place and inputs of each registered object, by `TYPE NAME`."""
    found = {}
    for (type_, name), inputs in recorder.children.items():
        if type_.startswith(("aws:", "github:")):
            urn = f"urn:pulumi:s::slipway::{type_}::{name}"
            step = Step("create", urn, type_, {}, inputs, ())
            place = (repository_of(step, stack.role_owners()), object_of(step))
            found[f"{type_.rpartition(':')[2]} {name}"] = (place, inputs)
    return found


def expected(one: Desired, facts: Live) -> dict[str, Any]:
    """Return the provider's inputs for a desired object."""
    kind, inputs = one.key.kind, dict[str, Any]()
    for part, name in kind.inputs.items():
        if name:
            inputs[name] = one.key[part]
    for field in kind.fields:
        if field.property and field.name in one.values:
            inputs[field.property] = _provided(field.name, one.values[field.name], facts)
    if one.repository and kind.type.startswith("github:"):
        inputs["baseRepository" if kind is PULL_REQUEST else "repository"] = one.repository
    if kind is WORKFLOW:
        inputs["file"] = f".github/workflows/{inputs['file']}"
        # The branch is unset for the default branch; an import needs its name.
        delivered = facts.repositories[one.repository].by_pull_request
        if inputs["branch"] == "main" and not delivered:
            del inputs["branch"]
    return {name: value for name, value in inputs.items() if value is not None}


def _provided(field: str, value: Any, facts: Live) -> Any:
    if field == "reviewers":
        ids = {
            "users": [facts.users[name] for name in value if not name.startswith(TEAM)],
            "teams": [facts.teams[name.removeprefix(TEAM)] for name in value if TEAM in name],
        }
        return [{kind: sorted(some) for kind, some in ids.items()}] if value else None
    if field == "deployment_branches":
        return {"protectedBranches": False, "customBranchPolicies": value == "custom"}
    return json.dumps(value) if field in {"trust", "document"} else value


def plain(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return registered inputs in one order, without those that only the provider uses."""
    own = {field.property for kind in KINDS for field in kind.fields if not field.live}
    own |= {field.property for field in WORKFLOW.fields if not field.imported}
    kept = {name: value for name, value in inputs.items() if name not in own}
    for block in kept.get("reviewers", ()):
        block.update({kind: sorted(ids) for kind, ids in block.items()})
    if "secretName" in kept:
        del kept["value"]
    # GitHub keeps these names in upper case.
    for name in ("variableName", "secretName"):
        if name in kept:
            kept[name] = kept[name].upper()
    return kept


@pytest.mark.parametrize("name", STACKS)
def test_what_is_registered_is_what_is_desired(provision: Provision, name: str) -> None:
    """Registered and desired objects are the same, with the same inputs."""
    stack, facts = STACKS[name], live(name)
    found = {place: plain(inputs) for place, inputs in _objects(provision, name).values()}
    wanted = {one.place: expected(one, facts) for one in _provisioned(stack, facts)}
    assert found.keys() == wanted.keys()
    for place, inputs in found.items():
        assert inputs == wanted[place], place


@pytest.mark.parametrize("name", STACKS)
def test_order_and_fate_are_those_of_the_table(provision: Provision, name: str) -> None:
    """Dependencies, `deletedWith`, `retainOnDelete` and aliases are those of the table of kinds."""
    stack, facts = STACKS[name], live(name)
    recorder = registered(provision, name)
    places = {key: place for key, (place, _) in objects(recorder, stack).items()}
    names = {place: key for key, place in places.items()}
    wanted = list(_provisioned(stack, facts))
    formers = {repository.name: repository.previously for repository in stack.repositories}
    for one in wanted:
        options = recorder.options[names[one.place]]
        kind, key = one.key.kind, one.key
        before = {places[name] for name in _before(names[one.place], recorder.options, places)}
        assert {place for place in before if place[1].kind is not kind} == _earlier(
            one, wanted, facts
        )
        deleter = places.get(options.deleted_with)
        parent = (one.repository, key.parent) if kind.deleted_with else None
        assert deleter == parent, one.place
        assert options.retain_on_delete is one.keep, one.place
        logical = names[one.place].partition(" ")[2].removeprefix(one.repository)
        known = tuple(f"{former}{logical}" for former in formers.get(one.repository, ()))
        assert options.aliases == known, one.place


def test_every_kind_with_a_type_is_provisioned_somewhere() -> None:
    """Some declaration asks for each kind with a type, so the table has no unused row."""
    found = {one.key.kind for name in STACKS for one in _provisioned(STACKS[name], live(name))}
    assert found == {kind for kinds in BY_TYPE.values() for kind in kinds}
    assert {ENVIRONMENT, SECRET, BRANCH, OIDC_PROVIDER} <= found


def _objects(provision: Provision, sample: str) -> dict[str, tuple[Place, dict[str, Any]]]:
    return objects(registered(provision, sample), STACKS[sample])


def _provisioned(stack: Stack, facts: Live) -> Iterator[Desired]:
    """Yield the desired objects that slipway creates."""
    return (one for one in desired(stack, facts.repositories) if not one.external)


def _earlier(one: Desired, wanted: list[Desired], facts: Live) -> set[Place]:
    """Return all objects of other kinds that the table requires before an object."""
    found, left = dict[Place, Desired](), [one]
    while left:
        for other in _directly_before(left.pop(), wanted, facts):
            if other.place not in found and other.key.kind is not one.key.kind:
                found[other.place] = other
                left.append(other)
    return set(found)


def _directly_before(one: Desired, wanted: list[Desired], facts: Live) -> Iterator[Desired]:
    # An imported object waits for nothing.
    if one.repository and _is_there(one, facts.repositories[one.repository]):
        return
    outer = (one.repository, one.key.parent)
    for other in wanted:
        # A new branch starts with slipway's files; a branch of a pull request is created last.
        begins = False
        if one.key.kind is BRANCH and other.key.kind in (BRANCH, WORKFLOW):
            own = one.key["branch"].startswith(HEADS)
            earlier = own and not other.key["branch"].startswith(HEADS)
            on_default = other.key.kind is WORKFLOW and other.key["branch"] == "main"
            begins = (earlier or on_default) and other.repository == one.repository
        if begins or other.place == outer:
            yield other
        elif other.key.kind in one.key.kind.after and other.repository in {"", one.repository}:
            if one.key.kind.parent is ROLE:
                same = other.key["role"] == one.key["role"]
            elif other.key.kind is OIDC_PROVIDER:
                same = f"::{other.key['account']}:" in str(one.values["trust"])
            else:
                same = True
            if same:
                yield other


def _is_there(one: Desired, facts: LiveRepository) -> bool:
    if one.key.kind not in (BRANCH, WORKFLOW):
        return False
    branch = one.key["branch"]
    if one.key.kind is BRANCH:
        return not branch.startswith(HEADS) and facts.has_branch(branch)
    delivered = facts.by_pull_request.get(branch)
    return delivered is not None and one.key["file"] in delivered.there


def _before(name: str, options: dict[str, Options], places: dict[str, Place]) -> set[str]:
    """Return all objects that the engine processes before an object."""
    found = set[str]()
    left = [name]
    while left:
        for other in options[left.pop()].after:
            if other in places and other not in found:
                found.add(other)
                left.append(other)
    return found
