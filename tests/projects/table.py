"""The table: common forms of Python repositories, in folders beside, with CI's expected results.

A declaration has only the keys that a user would need. Deliberately absent: repositories that
differ only in their deployment, which other tests have.
"""

import sys
from typing import Final

from tests.projects import particulars
from tests.projects.project import Project
from tests.projects.words import (
    DID_NOT_RUN,
    EMPTY,
    FAILED,
    NO_TESTS,
    UNCOLLECTED,
    WRONG_OPTIONS,
    findings,
)

#: Writes the hashed file of a list of requirements, as pip-tools does.
_COMPILE: Final = "uv pip compile --quiet --no-header --generate-hashes"
_BARE: Final = {"python-tests": "bare"}
_ALL_BARE: Final = {**_BARE, "python-lint": "bare", "python-security": "bare"}
_LOGIN: Final = {
    "name": "Log in to the company's index",
    "env": {"PASSWORD": "${{ secrets.INDEX_PASSWORD }}"},
    "run": 'pip config set global.extra-index-url "http://acme:$PASSWORD@private.test/simple/"',
}
_BEFORE: Final = {"before": [_LOGIN]}
_STORE: Final = f"store@sha256:{'0123456789abcdef' * 4}"

PROJECTS: Final = (
    # Only pip is installed, so every installation is real.
    Project("requirements", templates=_ALL_BARE),
    Project("requirements_folder"),
    Project(
        "hashed",
        locks=(f"{_COMPILE} requirements.in -o requirements.txt",),
        templates=_BARE,
    ),
    Project(
        "pip_tools",
        locks=(
            f"{_COMPILE} requirements.in -o requirements.txt",
            f"{_COMPILE} dev-requirements.in -o dev-requirements.txt",
        ),
        templates=_BARE,
    ),
    Project(
        "private_index",
        {
            "ci": {"lint": _BEFORE, "security": _BEFORE, "tests": _BEFORE},
            "package": {"dependencies": "vendored", **_BEFORE},
        },
        templates=_BARE,
        secrets={"INDEX_PASSWORD": particulars.PASSWORD},
        also=particulars.private_package_is_vendored_and_password_kept,
    ),
    Project("uv", locks=(f"uv lock --quiet --python {sys.executable}",), templates=_BARE),
    Project("poetry", locks=("poetry lock --quiet",), templates={"python-tests": "lockers"}),
    Project("setup_py"),
    Project("setuptools_flat"),
    Project("setuptools_flat_several", installed=False),
    Project("setuptools_src"),
    Project("hatch"),
    Project(
        "git_version",
        {"package": {"kind": "wheel"}},
        tag="v1.4.0",
        also=particulars.wheel_has_the_version_of_the_tag,
    ),
    Project("extras"),
    Project("groups"),
    Project("no_tests", tests=NO_TESTS),
    Project("empty_tests", tests=EMPTY),
    Project("failing", tests=FAILED),
    Project("erroring", tests=FAILED),
    Project("uncollectable", tests=UNCOLLECTED),
    Project("wrong_options", tests=WRONG_OPTIONS),
    Project("fail_under", tests=FAILED),
    Project(
        "service",
        {
            "ci": {
                "tests": {
                    "services": {"store": {"image": _STORE, "ports": ["{free_port}:6379"]}},
                    "before": [
                        {
                            "name": "Say where the store is",
                            "env": {"PORT": "{free_port}"},
                            "run": 'echo "STORE_PORT=$PORT" >> "$GITHUB_ENV"',
                        }
                    ],
                }
            }
        },
    ),
    Project(
        "monorepo",
        {
            "packages": {
                "api": {"working_directory": "services/api", "lambda_function": "api"},
                "client": {"working_directory": "client", "kind": "wheel"},
            }
        },
        folders=("/services/api", "/client"),
        also=particulars.both_packages_are_built,
    ),
    Project("namespace"),
    Project("lint_crash", lint=DID_NOT_RUN),
    Project("findings", lint=findings(1), security=findings(1)),
)
BY_NAME: Final = {project.name: project for project in PROJECTS}
