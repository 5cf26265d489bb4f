"""Run the provider's acceptance tests against their own emulator, and read the results.

The run gets neither provider settings nor credentials from the user's environment.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Final

from sandbox.github import Store, serve
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.acceptance.binaries import Binaries

_OWNER: Final = "acme"
_TOKEN: Final = "admin-token"
_PATIENCE: Final = 1800.0
#: The tests expect these to exist: an organisation with members, a guest, two public repositories.
_WORLD: Final = {
    # Some tests send a secret that is not sealed, and GitHub accepts it.
    "accept_unsealed_secrets": True,
    "users": [{"login": login} for login in ("admin", "octocat", "hubot", "stranger")],
    "organizations": [
        {"login": _OWNER, "admins": ["admin"], "members": ["octocat", "hubot"]},
        {"login": "integrations"},
        {"login": "template-repository"},
    ],
    "repositories": [
        {"owner": "integrations", "name": "terraform-provider-github", "files": {"README.md": ""}},
        {"owner": "template-repository", "name": "template-repository", "files": {"README.md": ""}},
    ],
    "tokens": [{"token": _TOKEN, "login": "admin"}],
}
_SETTINGS: Final = {
    "TF_ACC": "1",
    "GH_TEST_AUTH_MODE": "team",
    "GITHUB_OWNER": _OWNER,
    "GITHUB_TOKEN": _TOKEN,
    "GH_TEST_ORG_USER1": "octocat",
    "GH_TEST_ORG_USER2": "hubot",
    "GH_TEST_EXTERNAL_USER1": "stranger",
    "GH_TEST_COLLABORATOR": "stranger",
    # The address under which OpenTofu looks for the provider that the tests serve.
    "TF_ACC_PROVIDER_HOST": "registry.opentofu.org",
    "TF_ACC_PROVIDER_NAMESPACE": "hashicorp",
    "CHECKPOINT_DISABLE": "1",
}


class NothingRanError(Exception):
    """The tests did not start; the message is their output."""


@dataclass
class Result:
    """Result of one test: `pass`, `fail` or `skip`, its duration and its output."""

    outcome: str = "unfinished"
    seconds: float = 0.0
    output: list[str] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """The lines of its output that the test framework did not write."""
        lines = "".join(self.output).splitlines()
        return [line for line in lines if not line.lstrip().startswith(("===", "---"))]


#: Results by full name, `Function/case`; a function with cases has no result of its own.
Results = dict[str, Result]


def run(
    binaries: Binaries,
    functions: Iterable[str],
    *,
    parallel: int = 8,
    on_end: Callable[[str, Result], None] = lambda _name, _result: None,
) -> Results:
    """Run test functions, `parallel` cases at a time.

    Raises:
        NothingRanError: no test of these names exists, or none could begin.
    """
    store = _world()
    pattern = f"^({'|'.join(functions)})$"
    options = ["-test.v=test2json", f"-test.parallel={parallel}", f"-test.run={pattern}"]
    with tempfile.TemporaryDirectory(prefix="slipway-acceptance-") as folder:
        # The tests link the files of their working folder into each temporary folder.
        home, temporary = Path(folder, "home"), Path(folder, "temporary")
        home.mkdir()
        temporary.mkdir()
        server = serve(store)
        try:
            environment = _SETTINGS | {
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "TMPDIR": str(temporary),
                "GITHUB_BASE_URL": server.url,
                "TF_ACC_TERRAFORM_PATH": str(binaries.tofu),
            }
            command: tuple[str | Path, ...] = (
                binaries.test2json,
                "-t",
                binaries.provider_tests,
                *options,
            )
            return _read(command, environment, home, on_end)
        finally:
            server.stop()


def _world() -> Store:
    store = Store()
    plant(store, Seed.model_validate(_WORLD))
    template = store.repository("template-repository", "template-repository")
    assert template is not None
    template.settings["is_template"] = True
    return store


def _read(
    command: Sequence[str | Path],
    environment: dict[str, str],
    folder: Path,
    on_end: Callable[[str, Result], None],
) -> Results:
    results: Results = {}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=folder,
        start_new_session=True,  # so that its child processes can be ended with it
    ) as process:
        watchdog = Timer(_PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        watchdog.start()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                _note(json.loads(line), results, on_end)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            watchdog.cancel()
    said = results.pop("", Result()).output
    if not results:
        raise NothingRanError("".join(said))
    parents = {name.rpartition("/")[0] for name in results}
    return {name: result for name, result in results.items() if name not in parents}


def _note(
    event: dict[str, object], results: Results, on_end: Callable[[str, Result], None]
) -> None:
    match event:
        case {"Action": "output", "Output": str(text)}:
            name = str(event.get("Test", ""))
            results.setdefault(name, Result()).output.append(text)
        case {"Action": "pass" | "fail" | "skip" as outcome, "Test": str(name)}:
            result = results.setdefault(name, Result())
            result.outcome, result.seconds = outcome, float(str(event.get("Elapsed", 0)))
            if not any(other.startswith(f"{name}/") for other in results):
                on_end(name, result)
