"""The workflow files of one repository, on the branches that need them.

Two commits to one branch at once give 409, so the files of a branch wait for each other. Commits
carry `[skip ci]`: adding a workflow is no deployment. The default branch comes first: a branch that
is made from it begins with these files, not with somebody's workflows of the same names, and making
it starts no run, as its newest commit says so.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github


class WorkflowFilesArgs(TypedDict):
    """Which files are wanted where."""

    repository: str
    """Name of the repository, without the owner."""
    files: Mapping[str, str]
    """Content by file name below .github/workflows/."""
    branches: Mapping[str, Sequence[str]]
    """Names of the branches that carry a file, by file name."""
    default_branch: str
    """Branch that a missing branch is made from."""
    existing_branches: Sequence[str]
    """Wanted branches, other than the default one, that exist already."""
    keep: bool
    """Whether the files stay when nobody declares them any more."""


class WorkflowFiles(pulumi.ComponentResource):
    """Workflow files as commits.

    Args:
        after: what has to be there before the first of them, and is deleted after it.
    """

    commits: dict[str, pulumi.Output[str]]
    """Commit id by `branch:path`."""

    def __init__(
        self,
        name: str,
        args: WorkflowFilesArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        super().__init__("slipway:github:WorkflowFiles", name, None, opts)
        self.commits = {}
        default = args["default_branch"]
        placed = {branch: None for branches in args["branches"].values() for branch in branches}
        on_default = self._files(name, default, args, after)
        for branch in placed:
            if branch != default:
                made = self._branch(name, branch, args, on_default)
                self._files(name, branch, args, [made])

    def _files(
        self, name: str, branch: str, args: WorkflowFilesArgs, after: Sequence[pulumi.Resource]
    ) -> Sequence[pulumi.Resource]:
        """A branch's files, one after the other; what comes after them waits for the result."""
        for file, content in args["files"].items():
            if branch not in args["branches"][file]:
                continue
            path = f".github/workflows/{file}"
            committed = github.RepositoryFile(
                f"{name}-{file}:{branch}",
                repository=args["repository"],
                # The provider asks whether a named branch exists, but knows the default one.
                branch=None if branch == args["default_branch"] else branch,
                file=path,
                content=content,
                commit_message=f"Manage {path} with slipway [skip ci]",
                overwrite_on_create=True,
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=after, retain_on_delete=args["keep"]
                ),
            )
            self.commits[f"{branch}:{path}"] = committed.commit_sha
            after = [committed]
        return after

    def _branch(
        self, name: str, branch: str, args: WorkflowFilesArgs, after: Sequence[pulumi.Resource]
    ) -> pulumi.Resource:
        """A branch that people work on: adopted or made, never deleted."""
        exists = branch in args["existing_branches"]
        made: pulumi.Resource = github.Branch(
            f"{name}-branch:{branch}",
            repository=args["repository"],
            branch=branch,
            source_branch=args["default_branch"],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=after,
                retain_on_delete=True,
                # Where it was made from is history: GitHub does not tell it, nothing may follow it.
                ignore_changes=["sourceBranch", "sourceSha"],
                import_=f"{args['repository']}:{branch}" if exists else None,
            ),
        )
        return made
