"""The chain from a push to AWS, checked before GitHub and AWS would break it at run time.

What is checked is the text that would be provisioned, against the model: does each job's
environment exist and admit the branch, are the variables and secrets there that it reads, may the
role do what the scripts call, does the producer of a `workflow_run` exist?

Deliberately absent: what GitHub knows alone (the default branch, on which `workflow_run` jobs run:
operations/live/program.py asks), and variables and secrets of the organisation or repository, which
slipway does not provision.
"""

from collections.abc import Iterator, Mapping

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.workflow_checks.contexts import value_findings
from operations.workflow_checks.parsed import Finding, read_workflow
from operations.workflow_checks.permissions import call_findings
from operations.workflow_checks.triggers import environment_findings, producer_findings


def chain_problems(files: StackFiles) -> list[Problem]:
    """What would break at run time, at the place of the repository's file that causes it."""
    settings = files.stack.settings
    return [
        files.problem(repository, finding.path, finding.text)
        for repository in files.stack.repositories
        for finding in findings(
            settings, repository, render_workflows(repository.name, Pipeline.of(repository))
        )
    ]


def findings(
    settings: StackSettings, repository: Repository, texts: Mapping[str, str]
) -> Iterator[Finding]:
    """What would break in one repository.

    Args:
        settings: of the stack.
        repository: as declared.
        texts: of its workflow files, by file name.
    """
    workflows = [read_workflow(file, text, repository) for file, text in texts.items()]
    for workflow in workflows:
        yield from environment_findings(workflow, repository)
        yield from value_findings(workflow, repository)
        yield from call_findings(workflow, settings, repository)
        yield from producer_findings(workflow, workflows)
