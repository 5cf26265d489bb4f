"""What the engine plans for the program's resources, as a preview tells the program itself.

A program does not know its state, nor whether the preview refreshes it. The engine calls a resource
hook before each creation and update that it plans, in a preview as well, with what it takes for the
old values, after the refresh if there is one (pulumi 3.256: pkg/resource/deploy/step.go). Hooks of
deletions would have to be named in the state; what would be deleted is in the state and is not
registered. Only previews have the hooks, so that no state ever names them.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.runtime import invoke_async, register_stack_transformation

from operations.engine.steps import Step
from operations.preview_warnings.fields import differing

#: The engine's own function that reads a stack's last state (pulumi 3.256: builtins.go).
_READ_STATE: Final = "pulumi:pulumi:readStackResourceOutputs"


class Watch:
    """Sees every resource that is registered after it was made, and what the engine plans for it.

    Attributes:
        steps: the planned creations and updates; those of a replacement are creations.
    """

    def __init__(self) -> None:
        """Begin; the program must run in a preview."""
        self.steps: list[Step] = []
        self._registered: list[pulumi.Resource] = []
        self._imports = 0
        options = pulumi.ResourceHookOptions(on_dry_run=True, ignore_errors=True)
        create = pulumi.ResourceHook("slipway:look:create", self._create, options)
        update = pulumi.ResourceHook("slipway:look:update", self._update, options)
        hooks = pulumi.ResourceHookBinding(before_create=[create], before_update=[update])
        self._options = pulumi.ResourceOptions(hooks=hooks)
        register_stack_transformation(self._watched)

    async def registered(self) -> set[str]:
        """URNs of all resources, once the engine has planned each.

        Raises:
            Exception: one could not be registered; the SDK says why.
        """
        urns = await asyncio.gather(*(one.urn.future() for one in self._registered))
        return {urn for urn in urns if urn is not None}

    async def state(self) -> dict[str, Any]:
        """Types, URNs and outputs of the stack's last state, before any refresh, as an export.

        Of a stack without any state the engine of pulumi 3.256 ends at that question, so it is
        asked only where some resource is not new.
        """
        creations = sum(step.op == "create" for step in self.steps)
        if len(self._registered) - self._imports <= creations:
            return {"deployment": {}}
        answer = await invoke_async(_READ_STATE, {"stackName": _stack_name()})
        outputs: Mapping[str, Any] = answer["outputs"]
        # Inputs are not told: of an environment's reviewers they are what the outputs are, or the
        # diff shows the difference.
        resources = [
            {"urn": urn, **found, "inputs": found["outputs"]} for urn, found in outputs.items()
        ]
        return {"deployment": {"resources": resources}}

    def _watched(
        self, args: pulumi.ResourceTransformationArgs
    ) -> pulumi.ResourceTransformationResult:
        self._registered.append(args.resource)
        # An import is planned as no creation, and is not in the state either.
        self._imports += args.opts.import_ is not None
        options = pulumi.ResourceOptions.merge(args.opts, self._options)
        return pulumi.ResourceTransformationResult(args.props, options)

    def _create(self, args: pulumi.ResourceHookArgs) -> None:
        self.steps.append(Step("create", args.urn, args.type, {}, args.new_inputs or {}, ()))

    def _update(self, args: pulumi.ResourceHookArgs) -> None:
        old, new, outputs = args.old_inputs or {}, args.new_inputs or {}, args.old_outputs or {}
        fields = differing(new, old, outputs)
        self.steps.append(Step("update", args.urn, args.type, {**old, **outputs}, new, fields))


def _stack_name() -> str:
    """The stack as the backend knows it; a file or a bucket has no organisations but this one."""
    owner = pulumi.get_organization()
    if owner == "organization":
        return pulumi.get_stack()
    return f"{owner}/{pulumi.get_project()}/{pulumi.get_stack()}"
