"""Summaries of the sandbox for new users, read from its live GitHub and AWS.

Deliberately absent: Pulumi's state and the program's outputs. Every printed object exists.
"""

import json
from typing import IO, Any

import requests
from rich.console import Console

from sandbox.aws.seed import account_iam
from sandbox.home import Record
from sandbox.seed import ACCOUNTS, ADMIN_TOKEN, OWNER


def print_summary(record: Record, console: Console) -> None:
    """Print a line for each onboarded repository of the organisation, and commands to try next."""
    world = World(record)
    for repository in world.repositories():
        console.print(_line(world, repository["name"]), markup=False)
    console.print("\n[bold]Try next[/bold]")
    for line in (
        'eval "$(.venv/bin/slipway sandbox env)"  # point pulumi, and this shell, at this sandbox',
        "pulumi preview --stack sandbox           # nothing to do",
        "pulumi preview --refresh --expect-no-changes --stack sandbox   # exit 7 on drift",
        "slipway drift sandbox                    # the same, told by repository and direction",
        f"git clone {record.github_url}{OWNER}/billing.git   # the repository itself",
        "make down                                # destroy it all and stop",
    ):
        console.print(f"  {line}", markup=False)


def write_details(record: Record, file: IO[str]) -> None:
    """Write every object of each onboarded repository."""
    world, console = World(record), Console(file=file, highlight=False, soft_wrap=True)
    for repository in world.repositories():
        _print_repository(world, repository, console)


class World:
    """A client of the live sandbox, which uses the public APIs of GitHub and AWS."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {ADMIN_TOKEN}"
        self._roles = {env: self._account_roles(account) for env, account in ACCOUNTS.items()}

    def get(self, path: str) -> Any:
        """The JSON answer of the GitHub emulator to a GET."""
        answer = self._session.get(f"{self._record.github_url}api/v3/{path}", timeout=30)
        answer.raise_for_status()
        return answer.json()

    def repositories(self) -> list[dict[str, Any]]:
        """The organisation's repositories with environments, sorted by name."""
        found = [r for r in self.get(f"orgs/{OWNER}/repos?per_page=100") if not r["archived"]]
        return sorted(found, key=lambda repository: str(repository["name"]))

    def role(self, environment: str, repository: str) -> tuple[str, str] | None:
        """ARN and trusted subject of the role that the tags assign to an environment."""
        for role in self._roles.get(environment, []):
            if role["tags"].get("repository") == f"{OWNER}/{repository}":
                return role["arn"], role["subject"]
        return None

    def _account_roles(self, account: str) -> list[dict[str, Any]]:
        iam = account_iam(self._record.aws_url, account)
        roles = iam.list_roles(PathPrefix="/slipway/")["Roles"]
        return [
            {
                "arn": role["Arn"],
                "subject": _subject(role["AssumeRolePolicyDocument"]),
                "tags": {
                    tag["Key"]: tag["Value"]
                    for tag in iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
                },
            }
            for role in roles
        ]


def _subject(document: Any) -> str:
    """The subject that the trust policy admits."""
    policy = json.loads(document) if isinstance(document, str) else document
    condition = policy["Statement"][0].get("Condition", {})
    if set(condition) != {"StringEquals"}:
        return f"not exact: {json.dumps(condition)}"
    keys = condition["StringEquals"]
    wanted = next((value for key, value in keys.items() if key.endswith(":sub")), "everybody")
    return ", ".join(wanted) if isinstance(wanted, list) else str(wanted)


def _line(world: World, name: str) -> str:
    """The repository's environments, and how many objects of each kind it has."""
    place = f"repos/{OWNER}/{name}"
    environments = [one["name"] for one in world.get(f"{place}/environments")["environments"]]
    ours = [environment for environment in ACCOUNTS if environment in environments]
    named = [_configuration(world, place, environment) for environment in ours]
    branches = world.get(f"{place}/branches")
    counts = {
        "roles": sum(world.role(environment, name) is not None for environment in ours),
        "variables": sum(len(variables) for _, variables in named),
        "secrets": sum(len(secrets) for secrets, _ in named),
        "workflow files": sum(len(_files(world, place, one["name"])) for one in branches),
    }
    made = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{OWNER}/{name:<16}{' '.join(ours):<15}{made}"


def _print_repository(world: World, repository: dict[str, Any], console: Console) -> None:
    name = repository["name"]
    place = f"repos/{OWNER}/{name}"
    console.print(f"[bold]{OWNER}/{name}[/bold]")
    environments = world.get(f"{place}/environments")["environments"]
    ours = [e for name in ACCOUNTS for e in environments if e["name"] == name]
    for environment in ours:
        label = environment["name"]
        role = world.role(label, name)
        secrets, variables = _configuration(world, place, label)
        facts = {
            "deploys": ", ".join(_rules(world, place, environment)),
            "role": role[0] if role else "none",
            "assumed by": role[1] if role else "nobody",
            "variables": ", ".join(variables),
            "secrets": ", ".join(secrets),
        }
        for index, (fact, text) in enumerate((f, t) for f, t in facts.items() if t):
            console.print(f"  {'' if index else label:<5}{fact:<11}{text}", markup=False)
    for branch in world.get(f"{place}/branches"):
        for path, commit in _files(world, place, branch["name"]):
            text = f"{path} on {branch['name']}, commit {commit[:12]}"
            console.print(f"  file {text}", markup=False)
    console.print()


def _rules(world: World, place: str, environment: dict[str, Any]) -> list[str]:
    policies = world.get(f"{place}/environments/{environment['name']}/deployment-branch-policies")
    rules = [f"from {p['type']} {p['name']}" for p in policies["branch_policies"]]
    for rule in environment["protection_rules"]:
        if rule["type"] == "required_reviewers":
            names = [_reviewer(reviewer) for reviewer in rule["reviewers"]]
            rules.append(f"approved by {' or '.join(names)}")
            if rule["prevent_self_review"]:
                rules.append("but not by who triggered it")
        elif rule["type"] == "wait_timer":
            rules.append(f"after {rule['wait_timer']} minutes")
    if not environment["can_admins_bypass"]:
        rules.append("admins cannot bypass")
    return rules


def _reviewer(reviewer: dict[str, Any]) -> str:
    who = reviewer["reviewer"]
    return f"team {who['slug']}" if reviewer["type"] == "Team" else str(who["login"])


def _configuration(world: World, place: str, environment: str) -> tuple[list[str], list[str]]:
    """Names of the environment's secrets and variables."""
    where = f"{place}/environments/{environment}"
    secrets = world.get(f"{where}/secrets")["secrets"]
    variables = world.get(f"{where}/variables")["variables"]
    return [s["name"] for s in secrets], [v["name"] for v in variables]


def _files(world: World, place: str, branch: str) -> list[tuple[str, str]]:
    """Workflow files of a branch, each with the last commit that changed it."""
    tree = world.get(f"{place}/contents/.github?ref={branch}")
    if not any(entry["name"] == "workflows" for entry in tree):
        return []
    files = world.get(f"{place}/contents/.github/workflows?ref={branch}")
    return [
        (f["path"], world.get(f"{place}/commits?sha={branch}&path={f['path']}")[0]["sha"])
        for f in files
    ]
