"""Read repositories, many at once: facts by GraphQL, then by REST what GraphQL does not tell.

The program reads the details: subject, protection, and the access of reviewers. The observer reads
environments besides. A repository's REST requests begin as soon as the facts of its batch arrive.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any, Final, TypeVar

from components.config.problems import ConfigurationError, ExitCode
from components.model.plan import Plan
from operations.live.answers import readable
from operations.live.github.api import CONNECTIONS, GitHub
from operations.live.github.deliveries import read_deliveries
from operations.live.github.graphql import DeclaredBranch, Question, ask, batches
from operations.live.github.plans import read_plan
from operations.live.github.reviewers import outsiders
from operations.live.github.rules.creations import begun_already, refused_creation
from operations.live.github.rules.judge import Judge
from operations.live.observed import RepositoryDetails, RepositoryFacts

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with the number of repositories that were read, and the number of all."""

#: The claims of a subject that is not customised.
_DEFAULT: Final = ("repo", "context")
#: Stands for claims that cannot be read.
_UNKNOWN: Final = ("those of the organisation, which this token may not read",)


def read_repositories(
    github: GitHub,
    owner: str,
    questions: Sequence[Question],
    read: Callable[[RepositoryFacts, Question, Plan | None], T],
    progress: Progress | None = None,
) -> tuple[dict[str, T | None], Plan | None]:
    """Read repositories by name, None for one that GitHub does not show; and the owner's plan.

    The plan is asked for, once, if a repository is not public; otherwise it is None.

    Args:
        github: the session.
        owner: the owner of all of them.
        questions: the repositories, and which parts of them are read.
        read: reads the rest of one repository, given its facts and the plan.
        progress: is called after each repository.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached. No further request begins.
    """
    asking = {question.name: question for question in questions}
    found: dict[str, T | None] = {}
    reading: dict[str, Future[T]] = {}
    plan, plan_asked = None, False
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asked = [
            pool.submit(readable, github.url, ask, github, owner, batch)
            for batch in batches(questions)
        ]
        for answers in _results(asked):
            if not plan_asked and any(facts and not facts.public for facts in answers.values()):
                plan, plan_asked = readable(github.url, read_plan, github, owner), True
            for name, facts in answers.items():
                if facts is None:
                    found[name] = None
                else:
                    rest = pool.submit(readable, github.url, read, facts, asking[name], plan)
                    reading[name] = rest
        for done, _ in enumerate(_results([*reading.values()]), 1):
            if progress is not None:
                progress(done, len(reading))
    return found | {name: future.result() for name, future in reading.items()}, plan


def _results(futures: Collection[Future[T]]) -> Iterator[T]:
    """Each result when it is there. If one failed, those that have not begun are cancelled."""
    try:
        for finished in as_completed(futures):
            yield finished.result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def read_details(
    github: GitHub, owner: str, facts: RepositoryFacts, question: Question
) -> RepositoryDetails:
    """The details of one repository: subject, protection, and reviewers without access.

    Args:
        github: the session.
        owner: the stack's owner.
        facts: the answer of GraphQL.
        question: the repository as it was asked for.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    subject = github.get(f"repos/{facts.full_name}/actions/oidc/customization/sub") or {}
    default = facts.default_branch
    leading = question.prod_branches(default) if question.prod_branches else frozenset()
    judge = Judge(github, facts.full_name, public=facts.public)
    declared = _declared(facts, question)
    asked = leading | (declared.keys() if question.delivery == "auto" else frozenset())
    found = {branch: judge.of_branch(branch) for branch in sorted(asked & facts.workflows.keys())}
    rules = {branch: one for branch, one in found.items() if one is not None}
    uncreatable = {}
    if not question.leaving and not facts.empty:
        # slipway creates these branches, and then commits to them.
        for branch in sorted(declared.keys() - facts.workflows.keys()):
            rules[branch] = judge.of_name(branch)
            uncreatable[branch] = refused_creation(judge, facts, branch, rules[branch])
    by_pull_request = read_deliveries(judge, facts, question, declared, rules)
    for branch in uncreatable.keys() & by_pull_request.keys():
        uncreatable[branch] = uncreatable[branch] or begun_already(facts, branch, declared[branch])
    return RepositoryDetails(
        **vars(facts),
        # Older Enterprise Servers tell none and know only this form. The name is spelled as GitHub
        # has it, since AWS compares subjects case-sensitively.
        subject_prefix=str(subject.get("sub_claim_prefix") or f"repo:{facts.full_name}"),
        subject_claims=customised_claims(github, facts.full_name.partition("/")[0], subject),
        protection={
            name: one.barriers for name, one in found.items() if one is not None and name in leading
        },
        by_pull_request=by_pull_request,
        uncreatable={branch: why for branch, why in uncreatable.items() if why},
        outsiders=outsiders(github, owner, facts, question.reviewers),
    )


def _declared(facts: RepositoryFacts, question: Question) -> Mapping[str, DeclaredBranch]:
    """The declared files by branch, as far as a branch's rules or its absence matter.

    With `direct`, rules are read for a branch that is missing only.
    """
    if question.files is None:
        return {}
    if question.delivery == "direct" and facts.workflows.keys() >= set(question.branches):
        return {}
    return question.files(facts)


def customised_claims(github: GitHub, owner: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The claims that a repository's subjects consist of; empty for GitHub's default.

    A repository that does not use the default has its own claims. If it names none, it has those of
    its organisation (docs.github.com: OpenID Connect reference, customising the token claims). The
    claims `repo` and `context` are the default, even if they are written out.

    Args:
        github: the session.
        owner: the repository's owner.
        answer: the repository's `actions/oidc/customization/sub`.

    Raises:
        ConfigurationError: GitHub is out of reach.
    """
    if answer.get("use_default") is not False:
        return ()
    claims = tuple(answer.get("include_claim_keys") or ()) or _of_organisation(github, owner)
    return () if claims == _DEFAULT else claims


def _of_organisation(github: GitHub, owner: str) -> tuple[str, ...]:
    try:
        found = github.account(f"orgs/{owner}/actions/oidc/customization/sub")
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.AUTHENTICATION:
            raise
        return _UNKNOWN
    if found is not None:
        return tuple(found.get("include_claim_keys") or _DEFAULT)
    # A user has no template. GitHub may hide that of an organisation.
    account = github.account(f"users/{owner}") or {}
    return _DEFAULT if account.get("type") == "User" else _UNKNOWN
