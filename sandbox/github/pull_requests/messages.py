"""The messages of GitHub's merge and squash commits.

docs.github.com: about pull request merges, "Merge message for a squash merge"; settings in
docs.github.com/rest/repos/repos#update-a-repository.
"""

from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository


def merge_message(repository: Repository, found: PullRequest) -> tuple[str, str]:
    """The default title and body of a merge commit."""
    settings = repository.settings
    title = f"Merge pull request #{found.number} from {repository.owner.login}/{found.head}"
    if settings["merge_commit_title"] == "PR_TITLE":
        title = f"{found.title} (#{found.number})"
    bodies = {"PR_TITLE": found.title, "PR_BODY": found.body or "", "BLANK": ""}
    return title, bodies[str(settings["merge_commit_message"])]


def squash_message(
    repository: Repository, found: PullRequest, messages: list[str], others: list[str]
) -> tuple[str, str]:
    """The default title and body of a squash commit, given the messages of the head's commits.

    `others` are the commits' authors who did not open the pull request: they become co-authors
    (docs.github.com: creating a commit with multiple authors).

    One commit gives its own title and body (unless the settings say otherwise); several are a list,
    which quotes every message in full. GitHub does not document whether it removes empty lines of a
    quoted message; here they stay, so that a trailer which skips runs keeps its effect at the end.
    """
    settings = repository.settings
    title, body = found.title, ""
    alone = messages[0].rstrip("\n") if len(messages) == 1 else None
    if settings["squash_merge_commit_title"] == "COMMIT_OR_PR_TITLE" and alone is not None:
        title = alone.partition("\n")[0]
    match settings["squash_merge_commit_message"]:
        case "PR_BODY":
            body = found.body or ""
        case "COMMIT_MESSAGES":
            if alone is not None:
                body = alone.partition("\n")[2].removeprefix("\n")
            else:
                body = "\n\n".join(f"* {message.rstrip()}" for message in messages)
    if others:
        rule = ["---------"] if len(messages) > 1 else []
        people = "\n".join(f"Co-authored-by: {each}" for each in others)
        body = "\n\n".join(part for part in (body, *rule, people) if part)
    return f"{title} (#{found.number})", body
