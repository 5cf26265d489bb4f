"""Ask one question about many repositories: their facts, and the workflow files of their branches.

REST needs four requests or more for the same. GraphQL tells nothing about secrets, variables,
branch policies or the bypass of administrators (docs.github.com/graphql): REST is asked for those.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from components.documents.delivery import blob_id, content_id
from components.documents.workflows import declared_workflows, workflow_branches
from components.model.branches import as_found
from components.model.delivery import Delivery
from components.model.next_name import place_after_move
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS
from operations.live.answers import told_time
from operations.live.github.api import GitHub
from operations.live.observed import (
    NextPlace,
    ObservedWorkflow,
    RepositoryDetails,
    RepositoryFacts,
)

FOLDER: Final = "... on Tree { entries { name type oid } }"
_OWNER: Final = "... on Organization { databaseId } ... on User { databaseId }"
_FACTS: Final = (
    "createdAt databaseId defaultBranchRef { name } isArchived nameWithOwner"
    f" owner {{ {_OWNER} }} url viewerPermission"
    f' visibility head: object(expression: "HEAD:.github/workflows") {{ {FOLDER} }}'
)
_FILES: Final = (".yml", ".yaml")
#: Repositories of one request. GitHub gives up on a query after ten seconds.
_BATCH: Final = 20
#: Texts of one request.
_TEXTS: Final = 50

Workflows = Mapping[str, ObservedWorkflow]
"""The files of one branch by name."""
Answers = dict[str, RepositoryFacts | None]
"""Facts by the name in the question; None for a repository that GitHub does not show."""


@dataclass(frozen=True)
class DeclaredBranch:
    """The workflow files that a branch should have."""

    files: Mapping[str, str]
    """Git's ids of their contents by file name."""
    content: str
    """Identifies all of them; see `components.documents.delivery.content_id`."""
    largest: int = 0
    """Bytes of the largest file."""


@dataclass(frozen=True)
class Question:
    """One repository, and which parts of it are read."""

    name: str
    """Without the owner."""
    branches: tuple[str, ...]
    """Branches whose workflow files are read, besides the default branch."""
    known: Collection[str] = ()
    """Git's ids of files whose text the caller knows already."""
    prod_branches: Callable[[str], frozenset[str]] | None = None
    """Branches whose protection is read, given the default branch; None: of no branch."""
    reviewers: frozenset[str] = frozenset()
    """Reviewers whose access is checked, besides those that its environments require."""
    former_names: tuple[str, ...] = ()
    """Names that it had before."""
    next_name: str | None = None
    """Its name after a planned move, as declared: `NAME` or `OWNER@ID/NAME`."""
    delivery: Delivery = "direct"
    """How declared files reach their branches; with `direct`, no branch's rules are read for it."""
    files: Callable[[RepositoryFacts], Mapping[str, DeclaredBranch]] | None = None
    """The declared files by branch, given GitHub's facts; None: of no branch."""
    leaving: bool = False
    """True if its declared files are removed: the repository is offboarded."""
    texts: bool = True
    """False if the caller needs no text of any file."""
    details: RepositoryDetails | None = None
    """Facts and details that were just read, and are not asked for again."""


def question_about(
    declared: Repository, settings: StackSettings, *, other_texts: bool = False
) -> Question:
    """The question about a declared repository.

    Args:
        declared: the repository.
        settings: of its stack.
        other_texts: True to ask only for the texts of files that are not as declared.
    """
    environments = [declared.environment(name) for name in declared.environment_names]
    reviewers = frozenset[str]().union(*(one.reviewers.names for one in environments))
    if declared.offboarding.now:
        reviewers = frozenset()
    rendered = declared_workflows(declared, settings) if other_texts else {}
    return Question(
        declared.name,
        tuple(dict.fromkeys(declared.trigger_branch(name) for name in ENVIRONMENTS)),
        frozenset(map(blob_id, rendered.values())),
        declared.prod_branches,
        reviewers,
        declared.previously,
        declared.next_name,
        declared.delivery,
        partial(_declared_files, declared, settings),
        declared.offboarding.now,
    )


def _declared_files(
    declared: Repository, settings: StackSettings, facts: RepositoryFacts
) -> dict[str, DeclaredBranch]:
    found = as_found(declared, facts)
    contents = declared_workflows(found, settings)
    placed: dict[str, dict[str, str]] = {}
    for file, branches in workflow_branches(found, facts.default_branch).items():
        for branch in branches:
            placed.setdefault(branch, {})[file] = contents[file]
    return {
        branch: DeclaredBranch(
            {file: blob_id(text) for file, text in files.items()},
            content_id(files),
            max(len(text.encode()) for text in files.values()),
        )
        for branch, files in placed.items()
    }


def batches(questions: Sequence[Question]) -> list[Sequence[Question]]:
    """The questions in parts of which each is one request."""
    return [questions[start : start + _BATCH] for start in range(0, len(questions), _BATCH)]


def ask(github: GitHub, owner: str, questions: Sequence[Question]) -> Answers:
    """The facts of each repository.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found: Answers = {one.name: one.details for one in questions}
    if asked := [(number, one) for number, one in enumerate(questions) if one.details is None]:
        parts = " ".join(part for number, one in asked for part in _parts(owner, number, one))
        answer = github.query(f"query {{ {parts} }}")
        found |= {one.name: _facts(github, answer, number, one) for number, one in asked}
    return _with_texts(github, owner, questions, found)


def archived_repositories(settings: StackSettings, names: Collection[str]) -> set[str]:
    """Those of the names that GitHub shows as archived repositories of the owner.

    Raises:
        ConfigurationError: as `ask`.
    """
    questions = [Question(name, (), texts=False) for name in names]
    owner, github = settings.owner, GitHub.for_owner(settings.owner, settings.github)
    return {
        name
        for batch in batches(questions)
        for name, facts in ask(github, owner, batch).items()
        if facts is not None and facts.archived
    }


def _parts(owner: str, number: int, question: Question) -> Iterator[str]:
    """One repository's part of the question, and one for each of its former names."""
    branches = "".join(
        # By the full name: if a tag and a branch have one name, git takes the tag (gitrevisions).
        f" f{index}: object(expression: {quoted(f'refs/heads/{branch}:.github/workflows')})"
        f" {{ {FOLDER} }}"
        f" b{index}: ref(qualifiedName: {quoted(f'refs/heads/{branch}')}) {{ name }}"
        for index, branch in enumerate(question.branches)
    )
    yield f"r{number}: {repository(owner, question.name)} {{ {_FACTS}{branches} }}"
    for index, former in enumerate(question.former_names):
        yield f"r{number}n{index}: {repository(owner, former)} {{ databaseId }}"
    if question.next_name:
        new_owner, _, name = place_after_move(owner, question.next_name)
        # GitHub gives a former name of another repository to a new one.
        place = f"owner: {quoted(new_owner)}, name: {quoted(name)}, followRenames: false"
        yield f"r{number}m: repository({place}) {{ databaseId }}"
        yield f"r{number}o: repositoryOwner(login: {quoted(new_owner)}) {{ {_OWNER} }}"


def repository(owner: str, name: str) -> str:
    """The field of a repository; GitHub follows a former name, as REST does."""
    return f"repository(owner: {quoted(owner)}, name: {quoted(name)})"


def _facts(
    github: GitHub, answer: Mapping[str, Any], number: int, question: Question
) -> RepositoryFacts | None:
    found = answer.get(f"r{number}")
    if found is None:
        return None
    default = (found["defaultBranchRef"] or {}).get("name")
    folders = {default: found["head"]} if default else {}
    for index, branch in enumerate(question.branches):
        if found[f"b{index}"]:
            folders.setdefault(branch, found[f"f{index}"])
    formers = {
        former: answer.get(f"r{number}n{index}")
        for index, former in enumerate(question.former_names)
    }
    return RepositoryFacts(
        full_name=found["nameWithOwner"],
        id=found["databaseId"],
        owner_id=found["owner"].get("databaseId"),
        html_url=found["url"],
        visibility=found["visibility"].lower(),
        archived=found["isArchived"],
        default_branch=default or "main",
        workflows={branch: files_of(folder) for branch, folder in folders.items()},
        # The role of the token's user; an App is no user, and has none (as the schema says).
        administered=github.is_app or found["viewerPermission"] in {None, "ADMIN"},
        former_names={name: there["databaseId"] for name, there in formers.items() if there},
        after_move=_after_move(answer, number) if question.next_name else None,
        created=told_time(found["createdAt"]),
    )


def _after_move(answer: Mapping[str, Any], number: int) -> NextPlace:
    there, owner = answer.get(f"r{number}m"), answer.get(f"r{number}o")
    return NextPlace(
        repository_id=there["databaseId"] if there else None,
        owner_id=owner["databaseId"] if owner else None,
    )


def files_of(folder: Any) -> Workflows:
    """The workflow files of a folder that was asked for with `FOLDER`, without their texts."""
    entries = (folder or {}).get("entries") or ()
    return {
        entry["name"]: ObservedWorkflow(entry["oid"], None)
        for entry in entries
        if entry["type"] == "blob" and entry["name"].endswith(_FILES)
    }


def _with_texts(
    github: GitHub, owner: str, questions: Iterable[Question], found: Answers
) -> Answers:
    """The same facts with the text of every file that is not known, each asked for once."""
    wanted = {
        (question.name, file.blob)
        for question in questions
        if question.texts and (facts := found[question.name])
        for files in facts.workflows.values()
        for file in files.values()
        if file.blob not in question.known
    }
    texts = texts_of(github, owner, sorted(wanted))
    filled: Answers = {}
    for name, facts in found.items():
        folders = facts.workflows.items() if facts else ()
        workflows = {
            branch: {
                file: ObservedWorkflow(there.blob, texts.get((name, there.blob)))
                for file, there in files.items()
            }
            for branch, files in folders
        }
        filled[name] = facts and replace(facts, workflows=workflows)
    return filled


def texts_of(
    github: GitHub, owner: str, wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], str | None]:
    """Texts by repository and git's id; None for a binary file, or if GitHub cut it short."""
    texts: dict[tuple[str, str], str | None] = {}
    for start in range(0, len(wanted), _TEXTS):
        part = wanted[start : start + _TEXTS]
        queries = (
            f"t{number}: {repository(owner, name)}"
            f" {{ object(oid: {quoted(blob)}) {{ ... on Blob {{ text isTruncated }} }} }}"
            for number, (name, blob) in enumerate(part)
        )
        answer = github.query("query { " + " ".join(queries) + " }")
        for number, key in enumerate(part):
            blob = (answer.get(f"t{number}") or {}).get("object") or {}
            # Half a file says nothing about the other half.
            texts[key] = None if blob.get("isTruncated") else blob.get("text")
    return texts


def quoted(text: str) -> str:
    """A string of GraphQL, which is JSON's."""
    return json.dumps(text, ensure_ascii=False)
