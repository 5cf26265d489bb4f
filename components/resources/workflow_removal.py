"""A pull request that removes the workflow files of an offboarded repository from a branch.

No resource of the provider deletes a file when it is created. So a resource hook of Pulumi's
commits the deletions to slipway's own branch, right before the pull request is made; a preview
runs no hook. As with the pull request that brought the files, everything stays in place once the
program does not register it any more.
"""

from collections.abc import Callable, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github

Commit = Callable[[str, str, Sequence[str]], None]
"""Deletes files by commits: repository, branch and paths. Files that are not there are ignored."""


class WorkflowRemovalArgs(TypedDict):
    """The removal from one branch."""

    owner: str
    """The repository's owner."""
    repository: str
    """Name of the repository, without the owner."""
    branch: str
    """The target."""
    head: str
    """The branch that lacks the files."""
    head_exists: bool
    """Whether it exists."""
    number: int | None
    """The number of the open pull request from it."""
    paths: Sequence[str]
    """The files to remove."""
    title: str
    """The title of the pull request."""
    body: str
    """The text of the pull request."""


class WorkflowRemoval(pulumi.ComponentResource):
    """A branch without the files, and the pull request.

    Args:
        delete: commits the deletions.
    """

    def __init__(
        self,
        name: str,
        args: WorkflowRemovalArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        delete: Commit,
    ) -> None:
        super().__init__("slipway:github:WorkflowRemoval", name, None, opts)
        repository, head, number = args["repository"], args["head"], args["number"]
        made = github.Branch(
            f"{name}-branch",
            repository=repository,
            branch=head,
            source_branch=args["branch"],
            opts=pulumi.ResourceOptions(
                parent=self,
                retain_on_delete=True,
                import_=f"{repository}:{head}" if args["head_exists"] else None,
                # GitHub does not report a branch's source, so it must not count as a change.
                ignore_changes=["sourceBranch", "sourceSha"],
            ),
        )

        def remove(_args: pulumi.ResourceHookArgs) -> None:
            delete(repository, head, args["paths"])

        request = github.RepositoryPullRequest(
            f"{name}-pull-request",
            base_repository=repository,
            base_ref=args["branch"],
            head_ref=head,
            title=args["title"],
            body=args["body"],
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[made],
                retain_on_delete=True,
                import_=f"{args['owner']}:{repository}:{number}" if number else None,
                hooks=pulumi.ResourceHookBinding(
                    before_create=[pulumi.ResourceHook(f"{name}-files", remove)]
                ),
            ),
        )
        self.register_outputs({"number": request.number})
