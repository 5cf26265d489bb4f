"""The workflow files of one repository, on the branches that need them.

Two commits to one branch at once give 409, so the files of a branch wait for each other. Commits
carry `[skip ci]`: adding a workflow is no deployment. The default branch comes first: a branch that
is created from it then has these files, not the repository's older workflows of the same names, and
its creation starts no run, as its newest commit has `[skip ci]`, too.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github


class WorkflowFilesArgs(TypedDict):
    """The wanted files and their branches."""

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
    """Whether the files stay after their declaration is removed."""


class WorkflowFiles(pulumi.ComponentResource):
    """Workflow files as commits.

    Args:
        after: resources that exist before the first file and are deleted after it.
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
        """A branch's files, one after the other; later resources must wait for the result."""
        for file, content in args["files"].items():
            if branch not in args["branches"][file]:
                continue
            path = f".github/workflows/{file}"
            committed = github.RepositoryFile(
                f"{name}-{file}:{branch}",
                repository=args["repository"],
                # The provider checks that a named branch exists; None saves this request.
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
                # GitHub does not report a branch's source, so it must not count as a change.
                ignore_changes=["sourceBranch", "sourceSha"],
                import_=f"{args['repository']}:{branch}" if exists else None,
            ),
        )
        return made
