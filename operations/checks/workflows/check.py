"""Check that a repository's workflows will find what they read and may make their AWS calls.

The rendered workflows are checked, since they show in which jobs a declared step runs. Deliberately
absent: faults that only the renderer could make, such as a trigger that its environment does not
admit (tests/components/documents/workflows/test_chain.py); facts that only GitHub knows, such as
the default branch (operations/live/program.py); and the values of variables and secrets.
"""

from collections.abc import Iterator

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.documents.workflows import workflow_contents
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.checks.workflows.contexts import value_problems
from operations.checks.workflows.jobs import WorkflowProblem, jobs_of
from operations.checks.workflows.permissions import denied_calls


def chain_problems(files: StackFiles) -> list[Problem]:
    """Faults that would show at run time, each at its place in the repository's file."""
    settings = files.stack.settings
    return [
        files.problem(repository, problem.path, problem.text)
        for repository in files.stack.repositories
        for problem in repository_problems(settings, repository)
    ]


def repository_problems(
    settings: StackSettings, repository: Repository
) -> Iterator[WorkflowProblem]:
    """Faults of one repository's workflows."""
    contents = workflow_contents(repository.name, Pipeline.of(repository, settings))
    for file, workflow in contents.items():
        for job in jobs_of(file, workflow, repository):
            yield from value_problems(job, repository)
            yield from denied_calls(job, settings, repository)
