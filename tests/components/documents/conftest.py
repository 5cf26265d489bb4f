"""Declarations whose rendered files are looked at as a whole, and the linters that look."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository

TOOLS = Path(__file__).resolve().parents[2] / "tools"

#: A plain library, a Lambda service with a bucket, and a command with values and own branches.
DECLARATIONS: dict[str, dict[str, Any]] = {
    "library": {"repository": "library"},
    "service": {
        "repository": "service",
        "deploy": {"lambda_function": "service-api"},
        "artifacts": {"s3_bucket": "acme-packages"},
    },
    "command": {
        "repository": "command",
        "branches": {"dev": "main", "test": "stable", "prod": "stable"},
        "python_versions": ["3.13"],
        "deploy": {"command": "./deploy.sh --all"},
        "environments": {
            "dev": {"secrets": ["API_KEY"], "variables": {"LOG_LEVEL": "debug"}},
        },
    },
}


def workflow_texts(name: str) -> dict[str, str]:
    """The rendered files of one of the declarations."""
    repository = Repository.model_validate(DECLARATIONS[name])
    return render_workflows(repository.name, Pipeline.of(repository))


@pytest.fixture(params=DECLARATIONS)
def workflow_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with the rendered files of one declaration."""
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for file, text in workflow_texts(request.param).items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The linter, built once from its Go module and kept in the user's cache."""
    module = TOOLS / "actionlint"
    inputs = b"".join((module / name).read_bytes() for name in ("go.mod", "go.sum"))
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "slipway/tools"
    binary = cache / f"actionlint-{hashlib.sha256(inputs).hexdigest()[:16]}"
    if not binary.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as draft:
            package = "github.com/rhysd/actionlint/cmd/actionlint"
            command = ["go", "build", "-mod=readonly", "-o", f"{draft}/actionlint", package]
            subprocess.run(command, cwd=module, check=True)
            Path(draft, "actionlint").replace(binary)
    return binary
