"""`slipway explain`: would this job get this role, and if not, what is the one change?

It asks what GitHub and AWS ask, in their order, and judges each question by itself. It reads only.
"""

import argparse
from collections.abc import Sequence

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.model.repository import Repository
from operations.commands.explain.explanation import explained
from operations.commands.explain.forms.as_json import as_json
from operations.commands.explain.forms.as_text import print_explanations
from operations.commands.explain.given.questions import Given, questions, read_given_jobs
from operations.commands.explain.given.source import problem
from operations.commands.explain.seen.world import look
from operations.commands.explain.step import Explanation, Result, Verdict
from operations.live.github.api import GitHub
from operations.terminal.output import console, data, progress


def run(options: argparse.Namespace) -> int:
    """Explain one job or several; 0 if each gets its role, 1 if one does not."""
    files = StackFiles(stacks_folder() / options.stack)
    repository = _declared(files, options.repository)
    wanted = options.environment
    if wanted and wanted not in repository.environment_names:
        known = ", ".join(repository.environment_names) or "none"
        raise problem("--environment", f"{repository.name} has no {wanted}; it has: {known}")
    given = read_given_jobs(options, files.stack.settings, repository)
    settings = files.stack.settings
    github = GitHub.for_owner(settings.owner, settings.github)
    with progress(f"{files.stack.name}: looking"):
        world = look(files, github, repository, given.environments)
        asked = questions(options, world, github, given)
        found = [explained(world, github, one) for one in asked]
    found = _started(found) if _event_alone(options, given) else found
    if options.json:
        data(as_json(found))
    else:
        print_explanations(found, console())
    everyone = all(one.verdict is Verdict.YES for one in found)
    return ExitCode.SUCCESS if everyone else ExitCode.ERROR


def _declared(files: StackFiles, name: str) -> Repository:
    """The repository of that name; GitHub ignores the case of names.

    Raises:
        ConfigurationError: the stack declares none, or it has no environment.
    """
    for one in files.stack.repositories:
        if one.name.lower() == name.lower():
            if one.environment_names:
                return one
            text = f"{one.name} has no environment, so it has no role"
            raise ConfigurationError([files.problem(one, ("deploy",), text)])
    known = ", ".join(one.name for one in files.stack.repositories) or "none"
    text = f"declares no {name!r}; repositories here: {known}"
    raise ConfigurationError([Problem(str(files.folder), 0, "", text)])


def _event_alone(options: argparse.Namespace, given: Given) -> bool:
    """Whether the event is given and has to tell the environment."""
    return bool(options.event or options.ref) and not options.environment and not given.jobs


def _started(found: Sequence[Explanation]) -> list[Explanation]:
    """The explanations of jobs that the event starts; all if it starts none."""
    return [
        one
        for one in found
        if any(step.name == "event" and step.result is Result.OK for step in one.steps)
    ] or list(found)
