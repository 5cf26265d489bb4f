"""The dependencies of each resource of a plan, and imports for which an update could wait for ever.

Shapes as of pulumi 3.256: the preview's JSON has the states of all resources, unchanged ones too.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from operations.engine.steps import Step

_IMPORTS: Final = {"import", "import-replacement"}


def needs_of(plan: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The URNs of all resources that each one depends on, directly or by others."""
    direct: dict[str, set[str]] = {}
    for step in plan.get("steps", ()):
        for state in (step.get("oldState") or {}, step.get("newState") or {}):
            direct.setdefault(step["urn"], set()).update(_directly(state))
    found: dict[str, frozenset[str]] = {}

    def closed(urn: str) -> frozenset[str]:
        if urn not in found:
            found[urn] = frozenset()  # stops the recursion if a plan has a cycle
            near = frozenset(direct.get(urn, ()))
            found[urn] = near.union(*map(closed, near))
        return found[urn]

    return {urn: closed(urn) for urn in direct}


def waiting_imports(plan: Mapping[str, Any], steps: Iterable[Step]) -> list[str]:
    """Names of imported resources that depend on a step of the plan, which may fail.

    If an update continues after this failure, it leaves out the import and never ends: it waits for
    the import's promise, which is never fulfilled (pulumi 3.256: step_generator.go, GenerateSteps).
    Components register imports without dependencies if they can. Providers do not count: the
    preview has configured them.

    Args:
        plan: the preview's JSON.
        steps: its steps that change something.
    """
    changing = {step.urn for step in steps if not step.type.startswith("pulumi:providers:")}
    needs = needs_of(plan)
    urns = [step["urn"] for step in plan.get("steps", ()) if step["op"] in _IMPORTS]
    return sorted({urn.split("::", 3)[3] for urn in urns if needs[urn] & changing})


def _directly(state: Mapping[str, Any]) -> Iterator[str]:
    yield from state.get("dependencies") or ()
    yield from (urn for urns in (state.get("propertyDependencies") or {}).values() for urn in urns)
    yield from filter(None, (state.get("parent"), state.get("deletedWith")))
    # A provider is named by URN and id.
    yield from filter(None, [(state.get("provider") or "").rpartition("::")[0]])
