from components.model.repository import Repository
from components.objects.kind import Key
from components.objects.kinds import ENVIRONMENT, OIDC_PROVIDER, REPOSITORY, ROLE, VARIABLE
from operations.diff.finding import Direction, Finding, Repair
from operations.engine.forgotten import forgotten, undeclared_in_plan

DEV, PROD_ROLE = ENVIRONMENT.at("dev"), ROLE.at("acme.old-prod")


def finding(repository: str, what: Key, rule: str = "plan/delete") -> Finding:
    """A finding of a plan."""
    text = ("", "", "there")
    return Finding(repository, what, *text, Direction.NEUTRAL, Repair.UP, rule)


def test_a_deleted_repository_that_no_declaration_names_is_returned() -> None:
    """Deleted repositories that no declaration names, also not as former names, are returned."""
    found = [finding(name, DEV) for name in ("billing", "bill", "old")]
    found += [
        finding("gone", PROD_ROLE),
        finding("", OIDC_PROVIDER.at("333333333333")),
        finding("new", DEV, "plan/create"),
    ]
    declared = [Repository(repository="Billing", previously="Bill")]
    assert undeclared_in_plan(found, declared) == {"old"}


def test_objects_of_an_archived_repository_are_forgotten() -> None:
    """Objects of an archived repository are one finding as forgotten; its roles are deleted."""
    stays = [finding("old", PROD_ROLE), finding("live", DEV)]
    inside = [finding("old", DEV), finding("old", VARIABLE.at("dev", "A"))]
    live = "archived, 2 of its objects in Pulumi's state"
    text = ("old", REPOSITORY.at(), "archived", "", live)
    told = Finding(*text, Direction.NEUTRAL, Repair.REFRESH, "plan/forget")
    assert forgotten([*inside, *stays], {"old"}) == [*stays, told]
