"""The trust of a stack's roles as JSON for programs.

`trust.schema.json`, beside this file, describes the document. `version` grows when a member changes
its meaning or is removed; members may be added without a new version.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from operations.commands.roles.admission import Admission, Admitted

VERSION: Final = 1


def as_json(stack: str, found: Sequence[Admission]) -> str:
    """The roles as indented JSON."""
    document = {"version": VERSION, "stack": stack, "roles": [_role(one) for one in found]}
    return json.dumps(document, indent=2)


def _role(one: Admission) -> dict[str, Any]:
    return {
        "repository": one.repository,
        "environment": one.environment,
        "account_id": one.account_id,
        "role": one.role,
        "sent": _subjects(one.sent),
        "declared": [_statement(each) for each in one.declared],
        "live": None if one.unread else [each and _statement(each) for each in one.live],
        "unread": one.unread or None,
        "admits_deployments": one.admits,
        "pinned_admits_deployments": one.pinned_admits,
        "droppable": [{"what": what, "declare": how} for what, how in one.droppable],
        "left_out": [{"claim": claim, "why": why} for claim, why in one.left_out.items()],
    }


def _statement(one: Admitted) -> dict[str, Any]:
    claims = {claim: list(values) for claim, values in one.claims.items()}
    return {"subjects": _subjects(one.forms), "claims": claims}


def _subjects(forms: Any) -> list[dict[str, str]]:
    return [{"subject": subject, "form": form} for subject, form in forms.items()]
