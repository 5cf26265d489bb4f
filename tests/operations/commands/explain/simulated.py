"""Draw policies and tokens, and keep what another evaluator of IAM's policies says about them.

    python -m tests.operations.commands.explain.simulated draw > requests.json
    node tests/operations/commands/explain/simulate.mjs FOLDER < requests.json > answers.json
    python -m tests.operations.commands.explain.simulated keep < answers.json

`requests.json` is a list of `policy`, `context` (condition keys and values), `provider` and
`action`. `answers.json` is the same list with `allowed` in each item, true or false. The kept
answers are those of the core (`authorize`) of @cloud-copilot/iam-simulate 0.1.173: the principal is
`provider`, the trust policy is the policy of a role in account 111111111111. Its licence is the
AGPL, so this project neither contains nor installs it: it has the answers alone.

Left to `test_gate`: parts that the gate does not emulate. Left out: `ForAnyValue:...IfExists`,
which it evaluates to false for an absent key, while two pages of AWS's documentation contradict
each other; and an account of AWS as principal that is the provider's own, which it takes for the
provider's account.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from operations.commands.explain.iam.request import ACTION
from tests.operations.commands.explain.policies import PROVIDER, near, policies, tokens
from tests.sandbox.aws.documents import GITHUB

FILE: Final = Path(__file__).parent / "simulated.json"
SESSION: Final = "GitHubActions"
#: Drawn requests; many more are drawn than kept, since most of them admit no job.
_DRAWN: Final = 3000
_MEMBERS: Final = ("policy", "context", "allowed")
#: Kept requests for each answer.
_KEPT: Final = 150


def drawn() -> list[dict[str, Any]]:
    """The same requests at each call."""
    found: list[dict[str, Any]] = []

    @seed(1)
    @settings(
        max_examples=_DRAWN,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(policies(), tokens) | near)
    def keep(case: tuple[dict[str, Any], dict[str, str]]) -> None:
        policy, claims = case
        context = {f"{GITHUB}:{name}": value for name, value in sorted(claims.items())}
        context["sts:RoleSessionName"] = SESSION
        one = {"policy": policy, "context": context, "provider": PROVIDER, "action": ACTION}
        if one not in found:
            found.append(one)

    keep()
    return found


def kept(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many requests with each answer, drawn from those that were answered."""
    chance = random.Random(1)  # noqa: S311 - a sample, no secret
    sample: list[dict[str, Any]] = []
    for answer in (True, False):
        there = [one for one in answers if one["allowed"] is answer and "Condition" in str(one)]
        sample += chance.sample(there, min(_KEPT, len(there)))
    return sample


def main() -> None:
    """Print the requests, or keep the answers."""
    if sys.argv[1:] == ["draw"]:
        print(json.dumps(drawn()))  # noqa: T201 - data
    else:
        found = kept(json.load(sys.stdin))
        lines = ",\n".join(json.dumps({key: one[key] for key in _MEMBERS}) for one in found)
        FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
