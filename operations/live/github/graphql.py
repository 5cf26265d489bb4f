"""One question for many repositories: their facts, and the workflow files of their branches.

GraphQL gets in one request what REST needs four for. It knows nothing of secrets, variables, branch
policies or administrators' bypass (docs.github.com/graphql): those are asked for by REST.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from operations.live.answers import told_time
from operations.live.github.api import GitHub
from operations.live.observed import ObservedWorkflow

FOLDER: Final = "... on Tree { entries { name type oid } }"
_FILES: Final = (".yml", ".yaml")
#: Texts of one request: GitHub gives up on a query after ten seconds.
_TEXTS: Final = 50

Workflows = Mapping[str, ObservedWorkflow]
"""The files of one branch by name."""


@dataclass(frozen=True)
class Facts:
    """What one question tells of one repository."""

    full_name: str
    id: int
    created: datetime
    archived: bool
    public: bool
    default_branch: str
    workflows: Mapping[str, Workflows]
    """By branch; a branch that is not there is absent."""


@dataclass(frozen=True)
class Question:
    """What is asked of one repository."""

    name: str
    """Without the owner."""
    branches: tuple[str, ...]
    """Whose workflow files are read, besides the default branch's."""
    known: Collection[str] = ()
    """Git's ids of files whose text nobody needs."""
    prod_branches: Callable[[str], frozenset[str]] | None = None
    """Whose protection is asked for, given the default branch; None: nobody's."""
    reviewers: frozenset[str] = frozenset()
    """Whose access is asked for, besides that of those whom its environments require."""


def ask(github: GitHub, owner: str, questions: Iterable[Question]) -> dict[str, Facts | None]:
    """The facts by name; None for a repository that GitHub does not show.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    asked = list(questions)
    parts = [_repository(number, owner, question) for number, question in enumerate(asked)]
    answer = github.query("query { " + " ".join(parts) + " }")
    found = {q.name: _facts(q, answer.get(f"r{number}")) for number, q in enumerate(asked)}
    return _with_texts(github, owner, asked, found)


def _repository(number: int, owner: str, question: Question) -> str:
    branches = "".join(
        # By its full name: of a tag and a branch with one name, git takes the tag (gitrevisions).
        f" f{index}: object(expression: {quoted(f'refs/heads/{branch}:.github/workflows')})"
        f" {{ {FOLDER} }}"
        f" b{index}: ref(qualifiedName: {quoted(f'refs/heads/{branch}')}) {{ name }}"
        for index, branch in enumerate(question.branches)
    )
    where = f"owner: {quoted(owner)}, name: {quoted(question.name)}"
    return (
        f"r{number}: repository({where}) {{ createdAt databaseId nameWithOwner"
        " isArchived isPrivate defaultBranchRef { name }"
        f' head: object(expression: "HEAD:.github/workflows") {{ {FOLDER} }}{branches} }}'
    )


def _facts(question: Question, found: Any) -> Facts | None:
    if found is None:
        return None
    default = (found["defaultBranchRef"] or {}).get("name")
    folders = {default: found["head"]} if default else {}
    for index, branch in enumerate(question.branches):
        if found[f"b{index}"]:
            folders.setdefault(branch, found[f"f{index}"])
    return Facts(
        full_name=found["nameWithOwner"],
        id=found["databaseId"],
        created=told_time(found["createdAt"]),
        archived=found["isArchived"],
        public=not found["isPrivate"],
        default_branch=default or "main",
        workflows={branch: files_of(folder) for branch, folder in folders.items()},
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
    github: GitHub, owner: str, questions: Collection[Question], found: Mapping[str, Facts | None]
) -> dict[str, Facts | None]:
    """The same with the text of every file that is not known, each asked for once."""
    wanted = {
        (question.name, file.blob)
        for question in questions
        if (facts := found[question.name])
        for files in facts.workflows.values()
        for file in files.values()
        if file.blob not in question.known
    }
    texts = texts_of(github, owner, sorted(wanted))
    return {name: facts and _filled(facts, name, texts) for name, facts in found.items()}


def _filled(facts: Facts, name: str, texts: Mapping[tuple[str, str], str | None]) -> Facts:
    workflows = {
        branch: {
            file: ObservedWorkflow(there.blob, texts.get((name, there.blob)))
            for file, there in files.items()
        }
        for branch, files in facts.workflows.items()
    }
    return replace(facts, workflows=workflows)


def texts_of(
    github: GitHub, owner: str, wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], str | None]:
    """Texts by repository and git's id; None for what is binary, or cut short by GitHub."""
    texts: dict[tuple[str, str], str | None] = {}
    for start in range(0, len(wanted), _TEXTS):
        part = wanted[start : start + _TEXTS]
        queries = (
            f"t{number}: repository(owner: {quoted(owner)}, name: {quoted(name)})"
            f" {{ object(oid: {quoted(blob)}) {{ ... on Blob {{ text isTruncated }} }} }}"
            for number, (name, blob) in enumerate(part)
        )
        answer = github.query("query { " + " ".join(queries) + " }")
        for number, key in enumerate(part):
            blob = (answer.get(f"t{number}") or {}).get("object") or {}
            # Half a file says nothing of the other half.
            texts[key] = None if blob.get("isTruncated") else blob.get("text")
    return texts


def quoted(text: str) -> str:
    """A string of GraphQL, which is JSON's."""
    return json.dumps(text, ensure_ascii=False)
