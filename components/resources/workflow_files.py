"""The workflow files of one repository, on the branches that need them.

Two commits to one branch at once give 409, so the files of a branch wait for each other. Commits
start no run: adding a workflow is no deployment (`components.documents.delivery`). The default
branch comes first: a branch that is created from it then has these files, not the repository's
older workflows of the same names, and its creation starts no run, as its newest commit starts none.
A missing branch that gets its files by pull request must be made without these files, or the
request would change nothing. So it is made before they are committed to the default branch, and
after the files that only that one gets.

A branch whose rules refuse commits gets its files by pull request. Files that such a branch already
has are in the state with their live content; slipway never writes or deletes them. So if the rules
of a branch are added or removed, only the way of delivery changes. `WorkflowPullRequest` brings the
missing files.

An imported resource waits for nothing; the resources after it therefore also wait for those before
it. If an update goes on after an error, pulumi 3.256 never ends when it leaves out an import, as it
does for one that depends on a failed resource (step_generator.go: nothing ends the promise of the
step).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github

from components.documents.delivery import commit_message
from components.resources.workflow_pull_request import WorkflowPullRequest, WorkflowPullRequestArgs


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
    by_pull_request: Mapping[str, Sequence[str]]
    """Branches that get their files by pull request; of each, names of the files that it has."""
    pull_requests: Mapping[str, WorkflowPullRequestArgs]
    """The pull request for each of these branches that lacks declared content."""
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
        made: dict[str, pulumi.Resource] = {}
        early = _made_before_its_files(placed, args)
        shared = [file for file in args["files"] if early & {*args["branches"][file]}]
        on_default = after
        if early:
            others = [file for file in args["files"] if file not in shared]
            on_default = self._files(name, default, args, on_default, others)
            made = {branch: self._branch(name, branch, args, on_default) for branch in early}
        on_default = self._files(
            name, default, args, [*on_default, *made.values()], shared if early else args["files"]
        )
        last = [*on_default]
        for branch in placed:
            if branch != default:
                there = made.get(branch) or self._branch(name, branch, args, on_default)
                files = self._files(name, branch, args, [there, *on_default], args["files"])
                last += [there, *files]
        for wanted in args["pull_requests"].values():
            # Another branch is another resource: the provider would rename the earlier one.
            parent = pulumi.ResourceOptions(parent=self)
            WorkflowPullRequest(f"{name}-{wanted['head']}", wanted, parent, after=last)

    def _files(
        self,
        name: str,
        branch: str,
        args: WorkflowFilesArgs,
        after: Sequence[pulumi.Resource],
        files: Iterable[str],
    ) -> Sequence[pulumi.Resource]:
        """A branch's files, one after the other; later resources must wait for the result.

        Args:
            name: of the component.
            branch: the branch.
            args: of the component.
            after: resources that exist before the first file.
            files: names of the files to commit, as far as the branch carries them.
        """
        placed = [file for file in files if branch in args["branches"][file]]
        if branch in args["by_pull_request"]:
            return self._by_pull_request(name, branch, args, after)
        for file in placed:
            path = f".github/workflows/{file}"
            committed = github.RepositoryFile(
                f"{name}-{file}:{branch}",
                repository=args["repository"],
                # The provider checks that a named branch exists; None saves this request.
                branch=None if branch == args["default_branch"] else branch,
                file=path,
                content=args["files"][file],
                commit_message=commit_message(path, by_pull_request=False),
                overwrite_on_create=True,
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=after, retain_on_delete=args["keep"]
                ),
            )
            self.commits[f"{branch}:{path}"] = committed.commit_sha
            after = [committed]
        return after

    def _by_pull_request(
        self,
        name: str,
        branch: str,
        args: WorkflowFilesArgs,
        after: Sequence[pulumi.Resource],
    ) -> Sequence[pulumi.Resource]:
        """Register the files that a branch has; nothing waits until the others are merged."""
        before = [*after]
        for file in args["by_pull_request"][branch]:
            path = f".github/workflows/{file}"
            kept = github.RepositoryFile(
                f"{name}-{file}:{branch}",
                repository=args["repository"],
                branch=branch,
                file=path,
                content=args["files"][file],
                opts=pulumi.ResourceOptions(
                    parent=self,
                    retain_on_delete=True,
                    import_=f"{args['repository']}:{path}:{branch}",
                    # Only a merge changes it. An earlier commit of slipway's has the other inputs.
                    ignore_changes=["branch", "content", "commitMessage", "overwriteOnCreate"],
                ),
            )
            self.commits[f"{branch}:{path}"] = kept.commit_sha
            before.append(kept)
        return before

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
                depends_on=() if exists else after,
                retain_on_delete=True,
                # GitHub does not report a branch's source, so it must not count as a change.
                ignore_changes=["sourceBranch", "sourceSha"],
                import_=f"{args['repository']}:{branch}" if exists else None,
            ),
        )
        return made


def _made_before_its_files(placed: Iterable[str], args: WorkflowFilesArgs) -> set[str]:
    """Missing branches that get their files by pull request while the default one takes commits."""
    by_pull_request = args["by_pull_request"].keys()
    if args["default_branch"] in by_pull_request:
        return set()
    return {
        one for one in placed if one in by_pull_request and one not in args["existing_branches"]
    }
