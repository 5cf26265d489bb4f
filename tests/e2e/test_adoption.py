"""Repositories older than the standard are adopted unchanged; only listed changes follow."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ACME, ONE_ACCOUNT, Project, World, new_project, running_world
from tests.e2e.faults.dying import kill_session
from tests.e2e.grown import NAMES, everything, grow

#: The OIDC provider of dev exists; see `grow`.
SETTINGS = ACME.replace("eu-west-1,\n", "eu-west-1, oidc_provider: existing,\n", 1)
#: A `pulumi` that kills its caller, like a crash of the machine, at a command that contains a given
#: word.
DYING = """\
#!/bin/bash
if [[ "$*" == *"{word}"* ]]; then
  {first}
  kill -9 $PPID
  exit 1
fi
exec {pulumi} "$@"
"""
#: Starts the import in its own session, and kills it after the first resources were imported.
HALF = """\
  setsid {pulumi} "$@" >{folder}/half 2>&1 &
  echo $! >{folder}/session
  until grep -q 'Environment.* imported (' {folder}/half || ! kill -0 $!; do sleep 0.05; done
  sleep 1
  kill -9 $!
"""
#: The standard's files that are for other branches than `develop`.
OTHERS = ("python-prd.yml", "python-test.yml")
#: Changes of existing objects by `up`.
CHANGED = {
    "invoices": {
        "role invoices-release: description": "neutral",
        "role invoices-release: tags": "neutral",
        # The role trusted one branch; now the environment's patterns decide which branches may
        # deploy.
        "role invoices-release: trust": "weaker",
    },
    "ledger": {
        "environment prod: deployment_branches": "stronger",
        "environment prod, variable AWS_REGION: value": "neutral",
        "environment test: deployment_branches": "stronger",
        "python-dev.yml on develop: content": "stronger",
        "python-dev.yml on main: content": "stronger",
    },
    "orders": {
        "environment prod: deployment_branches": "stronger",
        "environment prod: prevent_self_review": "neutral",
        "environment test: deployment_branches": "stronger",
        "environment test: prevent_self_review": "neutral",
        "environment test, variable AWS_ROLE_ARN: value": "stronger",
        "role orders-deployer: description": "neutral",
        "role orders-deployer: tags": "neutral",
        "role orders-deployer: trust": "stronger",
    },
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Three repositories with a history each, and a stack that declares none of them."""
    folder = tmp_path_factory.mktemp("adoption")
    with running_world(folder, checkpoints=True) as world:
        grow(world)
        project = new_project(world, folder)
        project.new_stack("acme", SETTINGS)
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def dying_at(project: Project, word: str, first: str = "") -> str:
    """A PATH with a `pulumi` that runs `first` and kills its caller if its command has the word."""
    folder = project.folder.parent / word.replace(" ", "")
    folder.mkdir()
    real = shutil.which("pulumi", path=project.world.environment["PATH"])
    script = folder / "pulumi"
    first = first.format(pulumi=real, folder=folder)
    script.write_text(DYING.format(word=word, first=first, pulumi=real))
    script.chmod(0o755)
    return f"{folder}:{project.world.environment['PATH']}"


def adopt(project: Project, *options: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Adopt all three repositories."""
    return project.slipway("adopt", "acme", *NAMES, "--yes", "--json", *options, **how)


def test_only_what_is_listed_changes(project: Project) -> None:
    """The preview and the `up` after an adoption make exactly the listed changes.

    A second adoption lists no change.
    """
    world = project.world
    before = everything(world)
    adoption = interrupted_twice(project)
    assert everything(world) == before
    for name in NAMES:
        changed = {
            f"{c['object']}: {c['field']}": c["direction"]
            for c in adoption["changes"]
            if c["repository"] == name and c["act"] != "create"
        }
        assert changed == CHANGED.get(name, {})
    acts = {(c["repository"], c["object"]): c["act"] for c in adoption["changes"]}
    created = {key for key, act in acts.items() if act == "create"}
    assert sorted(planned(project)) == ["create"] * len(created) + ["update"] * (
        len(acts) - len(created)
    )

    project.pulumi("up", "--yes", "--skip-preview", "--stack", "acme")
    after = everything(world)
    assert {key for key in before if after.get(key) != before[key]} == acts.keys() - created
    # A new branch has the files that its source has when the branch is created.
    came = {("invoices", f"{file} on develop") for file in ("app.py", *OTHERS)}
    assert after.keys() - before.keys() - came == created
    for file in OTHERS:
        here, there = (after["invoices", f"{file} on {branch}"] for branch in ("trunk", "develop"))
        assert here == there
    again = project.slipway("adopt", "acme", *NAMES, "--json")
    assert json.loads(again.stdout)["changes"] == []
    assert "nothing to import" in again.stderr, "no question is asked"
    project.slipway("drift", "acme", "--no-preview")
    # No declaration can contain this policy's name, so it is listed as unmanaged and no `up`
    # deletes it.
    policies = world.iam("333333333333").list_role_policies(RoleName="orders-deployer")
    assert "deploy" in policies["PolicyNames"]


def interrupted_twice(project: Project) -> dict[str, Any]:
    """Adopt three times: the first two runs are killed; return the report of the third run.

    The first is killed between the files and the import, the second during the import. None of them
    writes to GitHub, and each continues where the one before ended.
    """
    world = project.world
    world.control("POST", "requests/reset")
    # A killed run does not remove its temporary files.
    dying = {"expect": -9, "TMPDIR": str(project.folder.parent)}
    adopt(project, PATH=dying_at(project, "--import-file"), **dying)
    written = declarations(project)
    assert len(written) == 1 + len(NAMES)
    slow = {"kind": "latency", "path": ".*/variables/.*", "seconds": 3, "count": None}
    world.control("POST", "faults", slow)
    adopt(project, PATH=dying_at(project, "import --file", HALF), **dying)
    # The engine's plugins would keep looking for their engine for minutes.
    kill_session(int((project.folder.parent / "import--file/session").read_text()))
    world.control("DELETE", "faults")
    said = (project.folder.parent / "import--file/half").read_text()
    assert "imported (" in said, "it died half-way"
    assert in_state(project) == [], "Pulumi writes the state at the end of an import"
    done = adopt(project)
    assert "it needs --accept, because\n  invoices: role invoices-release, trust" in done.stderr
    assert world.control("GET", "requests")["writes"] == 0
    assert declarations(project) == written
    assert len(in_state(project)) > 0
    adoption: dict[str, Any] = json.loads(done.stdout)
    return adoption


def declarations(project: Project) -> dict[str, str]:
    """The stack's files."""
    return {path.name: path.read_text() for path in (project.folder / "stacks/acme").iterdir()}


def in_state(project: Project) -> list[str]:
    """URNs of the objects on GitHub and AWS that are in Pulumi's state."""
    export = json.loads(project.pulumi("stack", "export", "--stack", "acme").stdout)
    found = export["deployment"].get("resources", ())
    return [r["urn"] for r in found if "id" in r and "providers" not in r["type"]]


def planned(project: Project) -> list[str]:
    """The operations of a preview on objects of GitHub and AWS.

    The exclusive lists of a new role's policies are not objects of AWS.
    """
    plan = json.loads(project.pulumi("preview", "--json", "--stack", "acme").stdout)
    return [
        step["op"]
        for step in plan["steps"]
        if step["newState"].get("custom") and step["op"] not in {"same", "import"}
        if not (step["op"] == "create" and "Exclusive" in step["newState"]["type"])
    ]


def test_ten_at_once(world: World, tmp_path: Path) -> None:
    """One run adopts ten repositories with a protected dev; it is refused for a wrong account."""
    names = [f"service-{number}" for number in range(10)]
    dev = {
        "name": "dev",
        "reviewers": {"teams": ["platform"]},
        "branches": ["main"],
        "variables": {"LEVEL": "info"},
        "secrets": {"TOKEN": "known"},
    }
    seed = {"owner": "acme", "files": {"app.py": "x"}, "environments": [dev]}
    platform = {"slug": "platform", "repositories": dict.fromkeys(names, "pull")}
    acme = {"login": "acme", "teams": [platform]}
    services = [seed | {"name": name} for name in names]
    world.control("POST", "seed", {"organizations": [acme], "repositories": services})
    project = new_project(world, tmp_path)
    only_dev = f"{ONE_ACCOUNT}defaults: {{environments: {{test: none, prod: none}}}}\n"
    project.new_stack("many", only_dev.replace("existing", "create"))
    world.control("POST", "requests/reset")
    refused = project.slipway("adopt", "many", *names, "--yes", expect=2)
    assert "stacks/many/_stack.yaml:3: accounts.dev.oidc_provider" in refused.stderr
    assert [path.name for path in (project.folder / "stacks/many").iterdir()] == ["_stack.yaml"]
    project.write("stacks/many/_stack.yaml", only_dev)
    done = project.slipway("adopt", "many", *names, "--yes", "--json")
    assert world.control("GET", "requests")["writes"] == 0
    changed = {
        (change["object"], change["field"])
        for change in json.loads(done.stdout)["changes"]
        if change["act"] != "create"
    }
    # Environment, pattern and variable of each are imported; nothing of them changes.
    assert changed == set()
    assert "30 resources imported" in done.stderr
