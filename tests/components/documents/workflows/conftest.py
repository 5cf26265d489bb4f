"""Declarations whose rendered files are tested as a whole."""

from pathlib import Path
from typing import Any

import pytest

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from tests.components.documents.workflows.runner import Runner

#: A plain library, a Lambda service with a bucket, a command with values and own branches, a
#: service in the strict profile, and a repository with a folder for each of its packages.
DECLARATIONS: dict[str, dict[str, Any]] = {
    "library": {"repository": "library"},
    "service": {
        "repository": "service",
        "deploy": {"lambda_function": "service-api"},
        "artifacts": {"s3_bucket": "acme-packages"},
        "environments": {"prod": {"secrets": ["DATABASE_URL"]}},
    },
    "command": {
        "repository": "command",
        "branches": {"dev": "main", "test": "stable", "prod": "stable"},
        "python_versions": ["3.13"],
        "deploy": {
            "command": "pip install -r deploy/requirements.txt\n./deploy.sh --all",
            "env": {"API_KEY": "${{ secrets.API_KEY }}"},
        },
        "environments": {
            "dev": {"secrets": ["API_KEY"], "variables": {"LOG_LEVEL": "debug"}},
        },
    },
    "strict": {
        "repository": "strict",
        "profile": "strict",
        "deploy": {
            "lambda_function": "strict-api",
            "alias": "live",
            "manual": True,
            "after": [
                {
                    "name": "Smoke test",
                    "run": "./smoke.sh",
                    "env": {"API_KEY": "${{ secrets.API_KEY }}", "DEPTH": 3},
                }
            ],
        },
        "ci": {
            "pull_requests": True,
            "tests": {
                "services": {
                    "postgres": {
                        "image": f"postgres@sha256:{'0123456789abcdef' * 4}",
                        "env": {"POSTGRES_PASSWORD": "postgres"},
                        "ports": ["5432:5432"],
                        "options": "--health-cmd pg_isready",
                    }
                }
            },
        },
        "environments": {name: {"secrets": ["API_KEY"]} for name in ("dev", "test", "prod")},
    },
    "monorepo": {
        "repository": "monorepo",
        "runs_on": ["self-hosted", "linux", "x64"],
        "timeout_minutes": 30,
        "packages": {
            "api": {"working_directory": "services/api", "lambda_function": "monorepo-api"},
            "worker": {
                "working_directory": "services/worker",
                "lambda_function": "monorepo-worker",
                "dependencies": "vendored",
                "architecture": "arm64",
            },
            "client": {"working_directory": "client", "kind": "wheel"},
        },
        "ci": {
            "lint": {"blocking": True, "timeout_minutes": 10},
            "tests": {
                "before": [
                    {"name": "Set up Node", "uses": "actions/setup-node@v4", "with": {"cache": ""}}
                ],
            },
        },
        "artifacts": {
            "retention_days": 5,
            "downloads": [
                {"workflow": "layer.yml", "artifact": "layer-{environment}", "path": "layer"}
            ],
        },
    },
}


def workflow_texts(name: str) -> dict[str, str]:
    """The rendered files of one of the declarations."""
    repository = Repository.model_validate(DECLARATIONS[name]).read_from("acme", f"{name}.yaml")
    return render_workflows(repository.name, Pipeline.of(repository, None))


@pytest.fixture(scope="session")
def workflow_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The rendered files of all declarations, each where GitHub would look for it."""
    files = []
    for name in DECLARATIONS:
        folder = tmp_path_factory.mktemp(name) / ".github/workflows"
        folder.mkdir(parents=True)
        for file, text in workflow_texts(name).items():
            files.append(folder / file)
            files[-1].write_text(text, encoding="utf-8")
    return files


@pytest.fixture(params=[(), ("-o", "pipefail")], ids=["", "pipefail"])
def runner(tmp_path: Path, request: pytest.FixtureRequest) -> Runner:
    """An empty workspace, with Python 3.12.4."""
    made = Runner(tmp_path, *request.param)
    made.stand_in("python", "Python 3.12.4\n")
    return made
