"""The same standard as an OpenTofu configuration: hcl/, its values, and the files beside it.

hcl/ is what an engineer would write who does it well: a module for one repository, called with
`for_each`. It makes what slipway makes on GitHub, with the same content. It has no roles in AWS, no
checks, and makes nothing good that a hand has changed outside of what it declares.
"""

import json
import platform
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from components.documents.role import environment_variables
from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.model.types import ENVIRONMENTS

HCL: Final = Path(__file__).with_name("hcl")
_MODULES: Final = Path(__file__).parents[1] / "acceptance/tools"
_MACHINES: Final = {"x86_64": "amd64", "aarch64": "arm64"}


def values(stack: Stack) -> dict[str, Any]:
    """The values of the configuration's variables."""
    settings = stack.settings
    return {
        "owner": settings.owner,
        "repositories": {each.name: _environments(settings, each) for each in stack.repositories},
    }


def _environments(settings: StackSettings, repository: Repository) -> dict[str, Any]:
    return {
        name: {
            "admin_bypass": repository.environment(name).admin_bypass,
            "branches": list(repository.deployment_branches(name)),
            "variables": environment_variables(settings, repository, name),
        }
        for name in ENVIRONMENTS
    }


def files(stack: Stack) -> dict[str, str]:
    """The files beside hcl/: text by path."""
    written = {"bench.auto.tfvars.json": json.dumps(values(stack), indent=2) + "\n"}
    for repository in stack.repositories:
        rendered = render_workflows(repository.name, Pipeline.of(repository, None))
        for file, text in rendered.items():
            written[f"workflows/{repository.name}/{file}"] = text
    return written


def version(module: str, tool: str) -> str:
    """The pinned version of a Go module that a program of `make acceptance` is built from."""
    pinned = (_MODULES / tool / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"^\s*{re.escape(module)} v(\S+)", pinned, re.MULTILINE)
    assert found, f"{module} is not in {tool}/go.mod"
    return found[1]


OPENTOFU: Final = version("github.com/opentofu/opentofu", "opentofu")
PROVIDER: Final = version("github.com/integrations/terraform-provider-github/v6", "provider")


def write(folder: Path, stack: Stack) -> None:
    """Write the configuration into a new folder."""
    shutil.copytree(HCL, folder)
    for path, text in files(stack).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def offline(folder: Path, provider: Path) -> Mapping[str, str]:
    """Make a mirror with the provider; the variables with which OpenTofu asks no other server."""
    machine = platform.machine()
    system = f"{platform.system().lower()}_{_MACHINES.get(machine, machine)}"
    place = folder / "mirror/registry.opentofu.org/integrations/github" / PROVIDER / system
    place.mkdir(parents=True)
    (place / f"terraform-provider-github_v{PROVIDER}").symlink_to(provider)
    settings = folder / "tofu.tfrc"
    mirror = json.dumps(str(folder / "mirror"))
    settings.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n",
        encoding="utf-8",
    )
    return {"TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
