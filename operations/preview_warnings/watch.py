"""Watch from inside the program what the engine plans for its resources in a preview.

A program knows neither its state nor whether the preview refreshes it. The engine calls a resource
hook before each creation and update that it plans, in a preview as well. It passes the old values,
after the refresh if there is one (pulumi 3.256: pkg/resource/deploy/step.go). Deletions need no
hooks, which the state would have to name: a resource that will be deleted is in the state and is
not registered. Only previews have the hooks, so no state ever names them.
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
    """Records every resource that is registered from now on, and what the engine plans for it.

    Attributes:
        steps: the planned creations and updates; a replacement is a creation.
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
        """URNs of all resources, after the engine has planned each.

        Raises:
            Exception: a resource could not be registered; the SDK reports why.
        """
        urns = await asyncio.gather(*(one.urn.future() for one in self._registered))
        return {urn for urn in urns if urn is not None}

    async def state(self) -> dict[str, Any]:
        """Types, URNs and outputs of the stack's last state, before any refresh, as an export.

        If the stack has no state, this request ends the engine of pulumi 3.256. Therefore it is
        sent only if some resource is not new.
        """
        creations = sum(step.op == "create" for step in self.steps)
        if len(self._registered) - self._imports <= creations:
            return {"deployment": {}}
        answer = await invoke_async(_READ_STATE, {"stackName": _stack_name()})
        outputs: Mapping[str, Any] = answer["outputs"]
        # The answer has no inputs. The inputs that are needed are an environment's reviewers: they
        # equal the outputs, or Pulumi's diff shows the difference.
        resources = [
            {"urn": urn, **found, "inputs": found["outputs"]} for urn, found in outputs.items()
        ]
        return {"deployment": {"resources": resources}}

    def _watched(
        self, args: pulumi.ResourceTransformationArgs
    ) -> pulumi.ResourceTransformationResult:
        self._registered.append(args.resource)
        # An import is not planned as a creation, and it is not in the state either.
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
    """The stack's name for the backend; a file or bucket knows only this one organisation."""
    owner = pulumi.get_organization()
    if owner == "organization":
        return pulumi.get_stack()
    return f"{owner}/{pulumi.get_project()}/{pulumi.get_stack()}"
