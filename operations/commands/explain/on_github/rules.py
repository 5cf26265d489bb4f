"""The questions about an environment: does it exist, does it admit the ref, who must approve?

Approvals, wait timers and custom rules are notes: they delay a job, and someone may always give
them. The variable with the role's ARN belongs to the environment, too.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from components.documents.role import role_arn
from components.model.ref_patterns import admits
from operations.commands.explain.iam.logic import Truth
from operations.commands.explain.on_github.scene import Scene
from operations.commands.explain.on_github.steps import is_started, start_mend
from operations.commands.explain.step import GITHUB, Mend, Result, Step
from operations.live.observed import ObservedEnvironment

_VARIABLE: Final = "AWS_ROLE_ARN"
_FROM_VARIABLE: Final = re.compile(rf"\$\{{\{{\s*vars\.{_VARIABLE}\s*\}}\}}", re.IGNORECASE)
_BRANCH: Final = "refs/heads/"
_TAG: Final = "refs/tags/"
_found = partial(Step, side=GITHUB)


def environment_steps(scene: Scene, asked: str | None) -> Iterator[Step]:
    """Whether the environment lets the job run, and which role it names.

    Args:
        scene: the job.
        asked: ARN that the job asks for; empty if there is none, None if it is not known.
    """
    live = scene.home.live.environments.get(scene.environment)
    if live is None:
        answer = f"{scene.environment} does not exist: GitHub would make one without rules"
        mend = scene.world.up("makes it", "environment/")
        yield _found(name="environment", result=Result.NO, answer=answer, mend=mend)
        for name in ("ref", "approval"):
            yield _found(name=name, result=Result.NOT_ASKED, answer="there is no environment")
    else:
        yield _found(name="environment", result=Result.OK, answer=f"{live.name} exists")
        yield _ref(scene, live)
        yield _approval(scene, live)
    yield _role(scene, live, asked)


def role_variable(live: ObservedEnvironment | None) -> str:
    """The role's ARN as the environment names it, or empty."""
    return live.variables.get(_VARIABLE, "") if live else ""


def asked_role(scene: Scene) -> str | None:
    """The ARN of the role that the job asks for: empty if there is none, None if not known."""
    job, live = scene.deploying, scene.home.live.environments.get(scene.environment)
    given = job.role if job else ""
    # A job without the action may have the ARN from anywhere; the standard's has the variable.
    if not given or _FROM_VARIABLE.fullmatch(given):
        return role_variable(live)
    return None if "${{" in given else given


def _ref(scene: Scene, live: ObservedEnvironment) -> Step:
    ref, step = scene.job.ref, partial(_found, name="ref")
    if scene.gone:
        return step(result=Result.NOT_ASKED, answer="there is no such ref")
    admitted = _admitted(scene, live)
    if admitted:
        return step(result=Result.OK, answer=f"{live.name} admits {ref}")
    if admitted is None:
        answer = f"{live.name} has a deployment branch policy that is not known here"
        return step(result=Result.UNKNOWN, answer=answer)
    return step(
        result=Result.NO,
        answer=f"{live.name} does not admit {ref}",
        expected=_expected(scene, live),
        got=ref,
        mend=_admit(scene),
    )


def _admitted(scene: Scene, live: ObservedEnvironment) -> Truth:
    """Whether the deployment branch policy admits the ref."""
    if live.branch_policy == "any":
        return True
    if live.branch_policy == "protected":
        return scene.place.protected
    if live.branch_policy == "unknown":
        return None
    is_tag, name = _kind_and_name(scene.job.ref)
    if any(admits(pattern, name) for pattern in (live.tags if is_tag else live.branches)):
        return True
    return None if live.other_patterns else False


def _expected(scene: Scene, live: ObservedEnvironment) -> str:
    """The refs that a policy admits, in words, if it does not admit the job's."""
    if live.branch_policy == "protected":
        return "a protected branch"
    is_tag, _ = _kind_and_name(scene.job.ref)
    kind, patterns = ("tags", live.tags) if is_tag else ("branches", live.branches)
    return f"{kind}: {', '.join(sorted(patterns)) or 'none'}"


def _kind_and_name(ref: str) -> tuple[bool, str]:
    """Whether a full ref is a tag, and the name that patterns match."""
    is_tag = ref.startswith(_TAG)
    return is_tag, ref.removeprefix(_TAG if is_tag else _BRANCH)


def _admit(scene: Scene) -> Mend:
    """`slipway up` where the declaration admits the ref, else the declaration's line."""
    world, environment, ref = scene.world, scene.environment, scene.job.ref
    declared = world.repository.environment(environment)
    is_tag, name = _kind_and_name(ref)
    patterns = (
        declared.deployment_tags if is_tag else world.repository.deployment_branches(environment)
    )
    if any(admits(pattern, name) for pattern in patterns):
        rule = "environment/missing_branch_policy"
        return world.up("restores the deployment branch policy", rule)
    own_branches = declared.deployment_branches is not None or scene.declared_text is None
    if not (own_branches or is_tag) and is_started(scene) is False:
        return start_mend(scene)  # the branches follow the one that starts the file
    if name.startswith("refs/"):  # of a pull request: no declaration accepts such a pattern
        branch = world.repository.trigger_branch(environment)
        return Mend(text=f"deploy from {branch}: no declaration admits {ref}")
    key = "deployment_tags" if is_tag else "deployment_branches"
    place = world.at(("environments", environment, key), "")
    listed = ", ".join([*patterns, name])
    return Mend(text=f"declare `{key}: [{listed}]`, if that ref may deploy there", place=place)


def _approval(scene: Scene, live: ObservedEnvironment) -> Step:
    """Who must approve, and how long the job waits."""
    facts = []
    if live.reviewers:
        self_review = ", not who started the run" if live.prevent_self_review else ""
        facts.append(f"one of {', '.join(sorted(live.reviewers))} must approve{self_review}")
    if live.wait_minutes:
        facts.append(f"it waits {live.wait_minutes} minutes")
    if apps := sorted(live.custom_rules):
        facts.append(f"GitHub Apps decide: {', '.join(apps)}")
    if others := sorted(live.other_rules):
        facts.append(f"rules that are not known here: {', '.join(others)}")
    facts += scene.job.notes
    if not facts:
        return _found(name="approval", result=Result.OK, answer="none is needed")
    return _found(name="approval", result=Result.NOTE, answer="; ".join(facts))


def _role(scene: Scene, live: ObservedEnvironment | None, asked: str | None) -> Step:
    """Whether the job asks for this role."""
    world, environment = scene.world, scene.environment
    step = partial(_found, name="role's name")
    wanted = role_arn(world.settings, world.repository, environment)
    account = world.accounts.get(world.account(environment).account_id)
    name = world.repository.role_name(world.settings.owner, environment).lower()
    there = account.roles.get(name) if account else None
    if there is not None:
        wanted = there.arn
    if asked == wanted:
        return step(result=Result.OK, answer=f"the job asks for {wanted}")
    if asked is None:
        answer = f"the job takes the role's ARN from another place than {_VARIABLE}"
        return step(result=Result.UNKNOWN, answer=answer, expected=wanted)
    by_variable = asked == role_variable(live)
    where = f"variable {_VARIABLE} of {environment}" if by_variable else "the job"
    mend = Mend(text=f"ask for {wanted} in the job in {scene.job.path}")
    if by_variable:
        mend = world.up("writes the variable", "environment/missing")
    answer = f"{where} names another role" if asked else f"{where} does not exist"
    return step(result=Result.NO, answer=answer, expected=wanted, got=asked, mend=mend)
