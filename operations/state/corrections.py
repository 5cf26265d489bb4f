"""Correct the state where the provider's refresh is wrong (pulumi-github 6.15).

The refresh keeps an environment's reviewers if GitHub has none any more, and does not notice that
another tool wrote a secret. It finds a secret by its repository's id and all other objects by name:
if another repository has the name now, secrets would still be written to the first one. Each
correction writes the right outputs and drops `__pulumi_raw_state_delta`, which the provider would
otherwise apply to them. The next preview then shows the difference and `up` repairs it.
"""

from collections.abc import Iterator
from typing import Any, Final

from components.objects.kinds import ENVIRONMENT, SECRET
from operations.diff.compare import Written
from operations.engine.stack_state import Export, resources
from operations.live.observed import Observed, ObservedEnvironment

#: Stands in the state for a value that slipway did not write; it differs from every real value.
OVERWRITTEN: Final = "overwritten outside slipway"
_DELTA: Final = "__pulumi_raw_state_delta"


def correct(export: Export, observed: Observed, written: Written) -> list[str]:
    """Correct a refreshed state in place; returns a message per correction.

    Args:
        export: the state after the provider's refresh.
        observed: the live world.
        written: times of slipway's writes of secrets, from the state before the refresh.
    """
    return [
        *_reviewers(export, observed),
        *_others_secrets(export, observed),
        *_secrets(export, observed, written),
    ]


def _reviewers(export: Export, observed: Observed) -> Iterator[str]:
    for resource, live in _environments(export, observed, ENVIRONMENT.type):
        outputs = resource["outputs"]
        if outputs.get("reviewers") and not live.reviewers:
            outputs["reviewers"] = []
            outputs["preventSelfReview"] = False
            outputs.pop(_DELTA, None)
            yield f"{outputs['repository']}: environment {live.name} has no reviewers any more"


def _secrets(export: Export, observed: Observed, written: Written) -> Iterator[str]:
    for resource, live in _environments(export, observed, SECRET.type):
        outputs = resource["outputs"]
        name = outputs["secretName"].upper()
        ours = written.get((outputs["repository"], outputs["environment"], name))
        theirs = live.secrets.get(name)
        if ours and theirs and theirs > ours and outputs.get("value") != OVERWRITTEN:
            outputs["value"] = OVERWRITTEN
            outputs.pop(_DELTA, None)
            place = f"{outputs['repository']}: environment {live.name}"
            yield f"{place}, secret {name} was overwritten at {theirs:%Y-%m-%d %H:%M:%S} UTC"


def _others_secrets(export: Export, observed: Observed) -> Iterator[str]:
    """Correct secrets of another repository that had this name before; this one lacks them."""
    for resource in resources(export):
        if resource["type"] != SECRET.type or not (outputs := resource.get("outputs")):
            continue
        live = observed.repositories.get(outputs["repository"])
        if live and outputs.get("repositoryId", live.id) != live.id:
            outputs["repositoryId"] = live.id
            outputs["value"] = OVERWRITTEN
            outputs.pop(_DELTA, None)
            place = f"{outputs['repository']}: environment {outputs['environment']}"
            name = outputs["secretName"].upper()
            yield f"{place}, secret {name} belongs to another repository that had this name before"


def _environments(
    export: Export, observed: Observed, kind: str
) -> Iterator[tuple[dict[str, Any], ObservedEnvironment]]:
    """Resources of a type, each with its live environment."""
    for resource in resources(export):
        if resource["type"] == kind and (outputs := resource.get("outputs")):
            repository = observed.repositories.get(outputs["repository"])
            live = repository and repository.environments.get(outputs["environment"].lower())
            if live:
                yield resource, live
