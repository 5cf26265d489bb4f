"""`slipway render` writes the workflow files and policies that `up` would provision."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.documents.role import DERIVED, role_policies
from components.documents.role_trust import trust_of
from components.documents.workflows import declared_workflows
from components.model.branches import as_found
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.token_facts import TokenFacts, Unasked
from operations.live.github.api import GitHub
from operations.live.program import read_live
from operations.terminal.lists import sample
from operations.terminal.output import data, made_folder, talk, writable


def run(options: argparse.Namespace) -> int:
    """Write the files of every repository or of one, and print their paths."""
    folder = stacks_folder() / options.stack
    files = StackFiles(folder)
    settings = files.stack.settings
    repositories = [
        repository
        for repository in files.stack.repositories
        if options.repository in {None, repository.name}
    ]
    if not repositories:
        known = ", ".join(repository.name for repository in files.stack.repositories) or "none"
        text = f"declares no {options.repository!r}; repositories here: {known}"
        raise ConfigurationError([Problem(str(folder), 0, "", text)])
    facts: dict[str, TokenFacts] = {
        one.name: Unasked(full_name=f"{settings.owner}/{one.name}") for one in repositories
    }
    if options.live:
        live = read_live(files, GitHub.for_owner(settings.owner, settings.github)).repositories
        repositories = [as_found(one, live[one.name]) for one in repositories]
        facts = {name: live[name] for name in facts}
    elif not settings.github.is_server:
        talk("subjects are in the classic form; --live asks GitHub which one each repository has")
        if following := [one.name for one in repositories if one.follows_default_branch]:
            talk(
                "the branch of test and prod is 'main' here; --live asks GitHub, as it is the "
                f"default branch in a repository that has no 'main' ({sample(following)})"
            )
    for repository in repositories:
        for line in unpinned(settings, repository, facts[repository.name]):
            talk(line)
        for path, text in rendered(settings, repository, facts[repository.name]).items():
            target: Path = options.out / repository.name / path
            made_folder(target.parent)
            writable(target)
            target.write_text(text, encoding="utf-8")
            data(str(target))
    return ExitCode.SUCCESS


def unpinned(settings: StackSettings, repository: Repository, facts: TokenFacts) -> Iterator[str]:
    """A line for each environment whose `trust.claims: pinned` cannot compare every claim."""
    for environment in repository.environment_names:
        left_out = trust_of(settings, repository, environment, facts).left_out
        told = "; ".join(f"{claim}: {why}" for claim, why in left_out.items())
        if told:
            yield f"{repository.name} {environment}: the trust policy leaves out {told}"


def rendered(settings: StackSettings, repository: Repository, facts: TokenFacts) -> dict[str, str]:
    """The text of each file of one repository, by its path."""
    workflows = declared_workflows(repository, settings)
    texts = {f".github/workflows/{name}": text for name, text in workflows.items()}
    for environment in repository.environment_names:
        folder = f"aws/{environment}"
        texts[f"{folder}/trust.json"] = _json(
            trust_of(settings, repository, environment, facts).document
        )
        for name, document in role_policies(settings, repository, environment).items():
            file = "permissions" if name == DERIVED else f"permissions-{name}"
            texts[f"{folder}/{file}.json"] = _json(document)
    return texts


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
