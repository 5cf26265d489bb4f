"""Say why the declared trust of a role does not fit what GitHub sends, or what IAM accepts."""

from collections.abc import Iterator

from components.documents.role_trust import trust_of
from components.documents.subject import sent_subjects, template_problem
from components.model.branches import as_found
from components.model.repository import Repository
from components.model.stack import StackSettings
from operations.live.observed import RepositoryDetails


def trust_mistakes(
    settings: StackSettings, repository: Repository, live: RepositoryDetails
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Path and text of each mistake.

    A template that no declaration can follow is an obstacle of the repository instead
    (`operations/live/obstacles.py`).

    Args:
        settings: the stack's.
        repository: as declared.
        live: the repository on GitHub.
    """
    found = as_found(repository, live)
    full_name = f"{settings.owner}/{repository.name}"
    if template_problem(live.subject_claims):
        return
    for name in found.environment_names:
        trust = trust_of(settings, found, name, live)
        if problem := trust.subjects.problem:
            yield ("environments", name), f"{full_name} {problem}"
            continue
        path = ("environments", name, "trust")
        sent = sent_subjects(found, name, live).values
        if not set(sent) <= set(trust.subjects.values):
            text = (
                f"GitHub sends {sent[0]!r} for {full_name} now, which the role would refuse with "
                f"{trust.declared.subject!r}: write `auto`, or `both` while it changes"
            )
            yield (*path, "subject"), text
        if too_long := trust.too_long:
            yield path, f"{full_name}: {too_long}"
