from operations.engine.plan_text import plan_lines
from operations.engine.steps import plan_steps
from tests.operations.guard.plans import ENVIRONMENT, ROLES, VARIABLE, step

DEV = {"repository": "billing", "environment": "dev"}


def test_the_question_lists_every_change() -> None:
    """The question lists every change with both values; foreign text is made visible."""
    update = step("update", ENVIRONMENT, "waitTimer", waitTimer=10, **DEV)
    update["oldState"] = {**update["oldState"], "inputs": {**DEV}, "outputs": {"waitTimer": 5}}
    edited = step("update", VARIABLE, "value", variableName="LEVEL", value="\x1b[2J", **DEV)
    edited["oldState"] = {**edited["oldState"], "inputs": DEV, "outputs": {"variableName": "LEVEL"}}
    plan = {
        "steps": [
            step("create", VARIABLE, variableName="NEW", value="1", **DEV),
            step("delete", VARIABLE, variableName="OLD", value="1", **DEV),
            update,
            edited,
        ]
    }
    assert list(plan_lines(list(plan_steps(plan)), ROLES)) == [
        "    create billing: environment dev, variable NEW",
        "    delete billing: environment dev, variable OLD",
        "    update billing: environment dev",
        "        wait_minutes: 5 -> 10",
        "    update billing: environment dev, variable LEVEL",
        r"        value: nothing -> \x1b[2J",
    ]
