"""Runs the real engine and the real GitHub provider against a sandbox that each test starts.

A `Project` is a temporary folder with the layout of this project: the program is linked, and the
test writes the stacks. The runs read nothing of the user's Pulumi home, state or credentials.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from sandbox.aws.seed import account_iam
from sandbox.environment import FOREIGN, sandbox_environment
from sandbox.home import PROJECT, Record
from sandbox.preloaded import SETTING
from sandbox.process import start, stop
from sandbox.seed import ADMIN_TOKEN
from tests.e2e.empty_stack import make_stack
from tests.e2e.forked import begin, launch, run_slipway
from tests.e2e.own_engine import engine_near
from tests.e2e.rights import called, documented, least_rights, refused
from tests.e2e.vault import PROVIDER, key_service

#: The sample organisation and its three accounts, for stacks that a test declares.
ACME = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1,
        assume_role: "arn:aws:iam::111111111111:role/slipway"}
  test: {account_id: "222222222222", region: eu-west-1,
         assume_role: "arn:aws:iam::222222222222:role/slipway"}
  prod: {account_id: "333333333333", region: eu-west-1, oidc_provider: existing,
         assume_role: "arn:aws:iam::333333333333:role/slipway"}
"""
#: The same, with every environment in prod's account: the run starts one process of the AWS
#: provider instead of three. For tests that are not about accounts.
_PROD = """{account_id: "333333333333", region: eu-west-1, oidc_provider: existing,
    assume_role: "arn:aws:iam::333333333333:role/slipway"}"""
ONE_ACCOUNT = f"owner: acme\naccounts:\n  dev: {_PROD}\n  test: {_PROD}\n  prod: {_PROD}\n"
#: For repositories whose tests are not about environments, which take most of a repository's time.
ONLY_DEV = "environments: {test: none, prod: none}\n"
#: Pulumi writes the state once, at the end of the run, as `slipway up` has it, except in tests that
#: interrupt a run: writing it at each step takes four fifths of the time of a first `up` of eight
#: repositories.
AT_THE_END: dict[str, str] = {"PULUMI_SKIP_CHECKPOINTS": "true"}
#: The secrets of the sample's production, as its own stack has them, encrypted.
SECRETS: Final = {
    "DATABASE_URL": "postgres://payments:sandbox-only@db.internal/payments",
    "STRIPE_API_KEY": "sk_sandbox_0000000000",
}
#: A day that an acceptance in a declaration may name.
SOON: Final = datetime.now(UTC).date() + timedelta(days=30)
#: Seconds after which a run is considered to hang.
PATIENCE = 300


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Start the process of the forks, which is ready when the tests have been collected."""
    if not collector.config.option.collectonly:
        begin()


@dataclass
class World:
    """One running sandbox; a test queries it and changes it through its APIs."""

    record: Record
    environment: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    secrets_provider: str = PROVIDER
    """Of new stacks; "default" is the passphrase."""

    def __post_init__(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {ADMIN_TOKEN}"

    def github(self, method: str, path: str, body: object = None) -> Any:
        """One call of GitHub's REST API, as an administrator; None for no content."""
        url = f"{self.record.github_url}api/v3/{path}"
        answer = self.session.request(method, url, json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: object = None) -> Any:
        """One call of the sandbox's own routes."""
        url = f"{self.record.github_url}_sandbox/{path}"
        answer = self.session.request(method, url, json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def aws(self, method: str, path: str, body: object = None) -> Any:
        """One call of the sandbox's own routes of AWS's port."""
        url = f"{self.record.aws_url}/_sandbox/{path}"
        answer = requests.request(method, url, json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def iam(self, account: str) -> Any:
        """IAM of an account."""
        return account_iam(self.record.aws_url, account)


@dataclass
class Project:
    """A checkout with stacks that the test declares, and the engine that runs them."""

    folder: Path
    world: World
    #: A fine-grained token needs these for the first `up`, as in X-Accepted-GitHub-Permissions.
    permissions: list[str] = field(default_factory=list)
    #: The least rights of slipway in each AWS account, if the test restricts them.
    rights: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, path: str, text: str) -> None:
        """Write one file of the project."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def run(
        self, *command: str, expect: int | None = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; its exit code must be the expected one, if any."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return _as_expected(done, command, expect)

    def pulumi(
        self, *arguments: str, expect: int | None = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run pulumi without questions; it looks for drift only if SLIPWAY_LOOK is given."""
        command = ("pulumi", *arguments, "--non-interactive")
        return self.run(
            *command, expect=expect, **({"SLIPWAY_LOOK": "off"} | self._cache | variables)
        )

    def slipway(
        self, *arguments: str, expect: int | None = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run slipway, which keeps what it caches in the test's own folder."""
        environment = self._environment(self._cache | variables)
        done = run_slipway(arguments, self.folder, environment, PATIENCE)
        return _as_expected(done, done.args, expect)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return inherited | self.world.environment | dict(variables)

    @property
    def _cache(self) -> dict[str, str]:
        return {"XDG_CACHE_HOME": str(self.folder.parent / "cache")}

    def new_stack(self, name: str, settings: str, **files: str) -> None:
        """Declare a stack and create it."""
        self.write(f"stacks/{name}/_stack.yaml", settings)
        for file, text in files.items():
            self.write(f"stacks/{name}/{file}.yaml", text)
        self.create(name)

    def create(self, name: str) -> None:
        """Create a declared stack; its GitHub provider does not wait between writes."""
        config = 'config:\n  github:parallelRequests: "true"\n  github:writeDelayMs: "0"\n'
        self.write(f"stacks/Pulumi.{name}.yaml", config)
        provider = self.world.secrets_provider
        make_stack(
            name,
            self.folder / f"stacks/Pulumi.{name}.yaml",
            self.world.environment["PULUMI_BACKEND_URL"],
            provider,
            lambda: self.pulumi("stack", "init", name, "--secrets-provider", provider),
        )

    def up(self, stack: str, **variables: str) -> None:
        """Provision the stack."""
        self.pulumi("up", "--yes", "--skip-preview", "--stack", stack, expect=0, **variables)

    def changes(self, stack: str, *arguments: str, expect: int = 0) -> dict[str, str]:
        """The changes of a preview: operation by resource name, without unchanged resources."""
        done = self.pulumi("preview", "--json", "--stack", stack, *arguments, expect=expect)
        steps = json.loads(done.stdout)["steps"]
        return {
            step["urn"].rsplit("::", 1)[1]: step["op"]
            for step in steps
            if step["op"] not in {"same", "refresh"}
        }


def _as_expected(
    done: subprocess.CompletedProcess[str], command: Sequence[str], expect: int | None
) -> subprocess.CompletedProcess[str]:
    said = f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert expect in {None, done.returncode}, said
    return done


@contextmanager
def running_world(folder: Path, *, checkpoints: bool = False, log: bool = False) -> Iterator[World]:
    """A sandbox on free ports with its own home; it is stopped at the end.

    Args:
        folder: for its home.
        checkpoints: whether runs write the state at each step, for tests that interrupt them.
        log: whether Pulumi keeps its own log of each run, for tests that search it. It takes a
            quarter of the CLI's CPU; `slipway sandbox` and users always have it.
    """
    with pytest.MonkeyPatch.context() as patch:
        home = folder / "sandbox"
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(home))
        if not log:
            without_log(home)
        record = start(lambda _line: None, launch=launch)
        try:
            engine = engine_near()
            variables = sandbox_environment(record, engine.folder) | key_service()
            yield World(record, variables if checkpoints else variables | AT_THE_END)
        finally:
            # Another world may have ended meanwhile, and taken its own value back.
            patch.setenv("SLIPWAY_SANDBOX_HOME", str(home))
            stop()


def without_log(home: Path) -> None:
    """Keep Pulumi from writing its own log in a sandbox's home.

    Pulumi 3.256 has no setting to disable the log; it continues without one if it cannot create the
    folder (pkg/logging/encrypted.go, StartLogging).
    """
    (home / "pulumi").mkdir(parents=True)
    (home / "pulumi/logs").touch()


@contextmanager
def users_world(folder: Path) -> Iterator[World]:
    """A sandbox whose runs write and log as much as a user's runs, for measurements."""
    with running_world(folder, checkpoints=True, log=True) as world:
        world.environment[SETTING] = "off"
        world.secrets_provider = "default"
        yield world


def new_project(world: World, folder: Path) -> Project:
    """A project with this program and no stack yet."""
    project = folder / "project"
    project.mkdir()
    for name in ("Pulumi.yaml", "__main__.py", "components", "operations", ".venv"):
        (project / name).symlink_to(PROJECT / name)
    (project / "stacks").mkdir()
    return Project(project, world)


def sample_project(world: World, folder: Path) -> Project:
    """A project with this repository's own sample stack, without its passphrase."""
    project = new_project(world, folder)
    shutil.copytree(PROJECT / "stacks/sandbox", project.folder / "stacks/sandbox")
    project.create("sandbox")
    for name, value in SECRETS.items():
        place = ("--path", f"secrets.payments.prod.{name}", "--stack", "sandbox")
        project.pulumi("config", "set", "--secret", *place, value)
    return project


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A sandbox of the test's own."""
    with running_world(tmp_path) as running:
        yield running


@pytest.fixture
def project(world: World, tmp_path: Path) -> Project:
    """A project of the test's own, without a stack."""
    return new_project(world, tmp_path)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample stack, onboarded with no more rights than README and `slipway rights` ask for.

    Tests of a module share it and leave it as they found it.
    """
    folder = tmp_path_factory.mktemp("sample")
    with running_world(folder) as running:
        project = sample_project(running, folder)
        token = {"token": "fine-grained", "login": "monalisa", "kind": "fine-grained"}
        seed = {"tokens": [token | {"permissions": documented("README.md")}]}
        running.control("POST", "seed", seed)
        project.rights = least_rights(project, "sandbox")
        # Programs start as a user's do: the state has the places of their own code.
        project.up("sandbox", GITHUB_TOKEN="fine-grained", **{SETTING: "off"})
        project.permissions = running.control("GET", "requests")["permissions"]
        yield project
        # If the emulator does not know a request, the results of the test prove little.
        assert running.control("GET", "requests")["unserved"] == []
        assert refused(called(project)) == set()
