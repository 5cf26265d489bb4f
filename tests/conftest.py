"""Fixtures and the order of tests, for all folders."""

import fcntl
import gc
import hashlib
import os
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadFileScheduling

from tests.stacks import write_stack  # noqa: F401 - a fixture of many folders

# Machines differ in the time of one example; tests that limit a time have their own assertion.
hypothesis.settings.register_profile("slipway", deadline=None)
hypothesis.settings.load_profile("slipway")

# By default the collector walks all objects after a few hundred new ones. The objects of imported
# modules are walked again each time, although they stay: a quarter of the unit tests' CPU time.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """Take what is imported out of every later collection."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Collect once for the last warnings, where pytest does it five times at its end."""
    gc.collect()
    gc.freeze()


# The programs in Go, above all Pulumi and its GitHub plugin, run for a second or two. Their garbage
# collection would take a fifth of their CPU, and saves 30 MB; a larger heap is still collected.
os.environ.setdefault("GOGC", "off")
os.environ.setdefault("GOMEMLIMIT", "1GiB")

TESTS = Path(__file__).parent
# A shell ignores signals for its background processes, and nohup ignores one; child processes
# inherit that. With a handler this process still does nothing, and the programs under test are
# interrupted like a user's.
for _signal in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, lambda *_: None)

ACTIONLINT = TESTS / "tools/actionlint"
#: Files and folders that take long, the longest first. Two of `operations` mostly wait without CPU:
#: other workers use the cores meanwhile.
LONG = (
    *("projects/test_profiles.py", "e2e/test_delivery.py", "e2e/tampering", "workflows"),
    *("e2e/test_sandbox_document.py", "e2e/test_explain.py", "e2e/test_guarded_up.py"),
    "e2e/test_readme.py",
    *(
        "e2e/test_adoption.py",
        "e2e/test_refresh.py",
        "e2e/test_branches.py",
        "e2e/test_one_plan.py",
    ),
    *("e2e/test_repositories_let_go.py", "e2e/test_taken_name.py", "e2e/test_aws_plugin.py"),
    *("e2e/faults", "e2e", "projects"),
    *("operations/commands/test_drift_interrupted.py", "operations/engine/test_process.py"),
    *("components/documents/workflows/test_package_scripts.py", "repository/test_comment.py"),
    *("sandbox/test_process.py", "sandbox/preloaded", "operations/commands/explain/test_gate.py"),
    *("operations/live/test_flat.py", "components/documents", "sandbox/aws"),
)

#: Folders whose files share a world: one worker takes all of them, and makes the world once.
TOGETHER = ("tests/workflows/",)


class _ByWorld(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """xdist's `loadfile`, with some folders as one file."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(shared, super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Distribute the tests by whole files, if the user asked for it (`--dist loadfile`)."""
    return _ByWorld(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long files first, and keep the random order of all others.

    A worker gets a whole file at a time: if a long file came last, the other workers would be idle.
    """
    items.sort(key=lambda item: _length(item.path))


@cache
def _length(file: Path) -> int:
    """The index in LONG; its length for all other files."""
    path = file.relative_to(TESTS)
    places = [place for place, long in enumerate(LONG) if path.is_relative_to(long)]
    return places[0] if places else len(LONG)


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The linter, built once from its Go module and kept in the user's cache.

    It is published as a Go module and as downloads, but on no index that a lock file could pin.
    """
    inputs = b"".join((ACTIONLINT / name).read_bytes() for name in ("go.mod", "go.sum"))
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    binary = Path(base, "slipway/tools", f"actionlint-{hashlib.sha256(inputs).hexdigest()[:16]}")
    binary.parent.mkdir(parents=True, exist_ok=True)
    with binary.with_suffix(".lock").open("w") as lock:  # one worker builds, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            _build_actionlint(binary)
    return binary


def _build_actionlint(binary: Path) -> None:
    go = shutil.which("go")
    assert go, "these tests need actionlint, which is built by Go >= 1.26: put `go` on PATH"
    draft = binary.with_suffix(".unfinished")
    package = "github.com/rhysd/actionlint/cmd/actionlint"
    subprocess.run(
        [go, "build", "-mod=readonly", "-buildvcs=false", "-o", draft, package],
        cwd=ACTIONLINT,
        env={**os.environ, "GOWORK": "off", "CGO_ENABLED": "0"},
        check=True,
    )
    draft.rename(binary)
