"""A sandbox with the sample's and this package's own repositories, onboarded by the real engine.

Each of its own shows other situations of workflows: `orders` has everything, `bare` only a module,
`broken` findings of every kind, `unbuildable` requirements that do not exist, `vault` the immutable
subject, secrets and a bucket, `careful` the strict profile; `stolen` is for tampering, `probe` for
workflows of a single test.
"""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from textwrap import indent
from typing import Any, Final
from zipfile import ZipFile

import boto3
import pytest

from sandbox.aws.seed import FIRST_ROLE
from tests.e2e.conftest import World, running_world, sample_project
from tests.workflows.events import push
from tests.workflows.machine import running_machine
from tests.workflows.outcome import Run
from tests.workflows.runner import Runner

ACCOUNTS: Final = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
REGION: Final = "eu-west-1"
#: The secret value of vault's production.
SECRET: Final = "postgres://vault:only-in-the-sandbox@db.internal"

_APP: Final = '"""An application."""\n\n\ndef handler(event, _context):\n    return event\n'
_TEST: Final = (
    "from app import handler\n\n\ndef test_handler():\n    assert handler(1, None) == 1\n"
)
_FILES: Final[dict[str, dict[str, str]]] = {
    "orders": {
        "app.py": _APP,
        "orders/totals.py": "TOTAL = 0\n",
        "orders/schema.json": "{}\n",
        "README.md": "# Orders\n",
        "docs/notes.md": "Notes.\n",
        ".gitignore": "build/\n",
        "requirements.txt": "greeting==1.0\n",
        "tests/__init__.py": "",
        # It passes only if the requirements were installed.
        "tests/test_app.py": f"import greeting\n{_TEST}\n\ndef test_word():\n"
        '    assert greeting.WORD == "hello"\n',
    },
    "bare": {"app.py": _APP},
    "broken": {
        "app.py": f"import os\n{_APP}\n\ndef run(line):\n    eval(line)\n",
        "tests/__init__.py": "",
        "tests/test_app.py": f"{_TEST}\n\ndef test_wrong():\n    assert handler(1, None) == 2\n",
    },
    "unbuildable": {"app.py": _APP, "requirements.txt": "no-such-package==1.0\n"},
    "vault": {
        "app.py": _APP,
        "deploy.sh": 'echo "connecting to $DATABASE_URL, $LOG_LEVEL"\n'
        'printf %s "$DATABASE_URL" | sha256sum\naws sts get-caller-identity --output text\n',
    },
    "careful": {
        "app.py": _APP,
        "tests/__init__.py": "",
        "tests/test_app.py": _TEST,
    },
    "stolen": {"app.py": _APP},
    "probe": {"app.py": _APP},
}
#: Every claim that is known is compared, and no statement admits the subject alone.
_PINNED: Final = "trust: {claims: pinned, keep_subject_statement: false}"
#: A job for each version takes as long as everything else of a run: one repository of each profile
#: has two of them.
_ONE: Final = 'python_versions: ["3.12"]\n'
_TWO: Final = 'python_versions: ["3.11", "3.12"]\n'
_DECLARED: Final = {
    "orders": f"{_TWO}deploy: {{lambda_function: orders-api}}\n",
    "bare": _ONE,
    "broken": f"{_ONE}deploy: {{lambda_function: broken-api}}\n",
    "unbuildable": _ONE,
    "vault": f"{_ONE}deploy:\n  command: sh deploy.sh\n"
    '  env: {DATABASE_URL: "${{ secrets.DATABASE_URL }}"}\n'
    "artifacts: {s3_bucket: acme-vault}\n"
    "environments:\n"
    f"  dev: {{secrets: [DATABASE_URL], variables: {{LOG_LEVEL: debug}}, {_PINNED}}}\n",
    "careful": f"{_TWO}profile: strict\nci: {{pull_requests: true}}\n"
    "deploy: {lambda_function: careful-api, alias: live, manual: true}\n",
    "stolen": f"{_ONE}environments: {{dev: {{{_PINNED}}}}}\n",
}


@dataclass
class Acme:
    """The onboarded organisation, and the events in it."""

    world: World
    runner: Runner

    def commit(self, repository: str, branch: str, path: str, text: str) -> str:
        """Write one file, and return the new commit's id."""
        place = f"repos/acme/{repository}/contents/{path}"
        body = {
            "message": f"Write {path}",
            "branch": branch,
            "content": base64.b64encode(text.encode()).decode(),
        }
        if (old := self._blob(repository, branch, path)) is not None:
            body["sha"] = old
        done = self.world.github("PUT", place, body)
        return str(done["commit"]["sha"])

    def _blob(self, repository: str, branch: str, path: str) -> str | None:
        """Return the current file's blob id; None if there is no file."""
        place = f"repos/acme/{repository}/git/trees/{branch}?recursive=1"
        listed = self.world.github("GET", place)["tree"]
        return next((entry["sha"] for entry in listed if entry["path"] == path), None)

    def probe(self, name: str, jobs: str) -> Run:
        """Run a workflow of the test's own, on a branch of `probe` with its name."""
        place = "repos/acme/probe/git"
        tip = self.world.github("GET", f"{place}/ref/heads/main")["object"]["sha"]
        ref = {"ref": f"refs/heads/{name}", "sha": tip}
        self.world.github("POST", f"{place}/refs", ref)
        text = f"name: {name}\non: {{push: {{branches: [{name}]}}}}\njobs:\n{indent(jobs, '  ')}"
        self.commit("probe", name, f".github/workflows/{name}.yml", text)
        (run,) = self.push("probe", name).values()
        return run

    def push(self, repository: str, branch: str) -> dict[str, Run]:
        """Return the runs that the push of the branch's last commit starts."""
        return self.runner.happens(push(self.world, f"acme/{repository}", branch))

    def aws(self, environment: str, service: str) -> Any:
        """Return a client of a service in an environment's account."""
        return client(self.world, ACCOUNTS[environment], service)


@pytest.fixture(scope="package")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acme]:
    """The onboarded repositories; tests change only their own branches and functions."""
    folder = tmp_path_factory.mktemp("workflows")
    with running_world(folder) as world, running_machine(folder / "machine") as machine:
        _plant(world)
        project = sample_project(world, folder)
        for name, rest in _DECLARED.items():
            project.write(f"stacks/sandbox/{name}.yaml", f"repository: {name}\n{rest}")
        place = "secrets.vault.dev.DATABASE_URL"
        project.pulumi("config", "set", "--secret", "--path", place, SECRET, "--stack", "sandbox")
        project.up("sandbox")
        yield Acme(world, Runner(world, machine, folder / "runs"))
        # An unknown request to the emulator would make the results unreliable.
        assert world.control("GET", "requests")["unserved"] == []


def _plant(world: World) -> None:
    """Create the repositories, and the targets of their deployments."""
    repositories = [
        {
            "owner": "acme",
            "name": name,
            "files": files,
            "created_at": f"{'2026-09' if name == 'vault' else '2024-02'}-01T09:00:00Z",
            "private": name == "vault",
        }
        for name, files in _FILES.items()
    ]
    # The sample's defaults make this team the reviewers of every production.
    platform = {"slug": "platform", "repositories": dict.fromkeys(_FILES, "maintain")}
    acme = {"login": "acme", "teams": [platform]}
    world.control("POST", "seed", {"organizations": [acme], "repositories": repositories})
    for account in ACCOUNTS.values():
        make_functions(world, account, "orders-api", "broken-api", "careful-api")
    location = {"LocationConstraint": REGION}
    bucket = client(world, ACCOUNTS["dev"], "s3")
    bucket.create_bucket(Bucket="acme-vault", CreateBucketConfiguration=location)


def make_functions(world: World, account: str, *names: str) -> None:
    """Create Lambda functions as they are before their first deployment."""
    functions = client(world, account, "lambda")
    for name in names:
        functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="app.handler",
            Role=f"arn:aws:iam::{account}:role/slipway",
            Code={"ZipFile": _old_package()},
        )


def _old_package() -> bytes:
    """Return a function's code before its first deployment."""
    content = io.BytesIO()
    with ZipFile(content, "w") as package:
        package.writestr("app.py", "handler = None\n")
    return content.getvalue()


def client(world: World, account: str, service: str) -> Any:
    """Return a client with an administrator's credentials for the account."""
    connect = partial(boto3.client, endpoint_url=world.record.aws_url, region_name=REGION)
    sts: Any = connect("sts", aws_access_key_id="sandbox", aws_secret_access_key="sandbox")
    role = f"arn:aws:iam::{account}:role/{FIRST_ROLE}"
    given = sts.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    sts.close()
    return connect(
        service,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
