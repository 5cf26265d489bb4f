import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.config.problems import ExitCode
from components.model.plan import Plan
from components.model.stack import Stack
from operations.adoption import survey
from operations.adoption.importing import Imports
from operations.adoption.proof import Difference
from operations.cli import main
from operations.commands import adopt
from operations.engine.errors import PulumiError
from operations.live.observed import Observed
from tests.operations.adoption import grown

EXPORT: dict[str, Any] = {"deployment": {"resources": []}}
#: A plan from which the adoption listed no change.
STRANGE = {
    "op": "delete",
    "urn": "urn:pulumi:acme::slipway::github:index/branch:Branch::ledger-branch:main",
    "oldState": {
        "type": "github:index/branch:Branch",
        "custom": True,
        "inputs": {"repository": "ledger", "branch": "main"},
    },
}


def waiting(before: int, after: int) -> dict[str, Any]:
    """Return a plan's step that gives prod another wait timer, or none."""
    kind = "github:index/repositoryEnvironment:RepositoryEnvironment"
    where = {"repository": "ledger", "environment": "prod"}
    return {
        "op": "same" if before == after else "update",
        "urn": f"urn:pulumi:acme::slipway::{kind}::ledger-prod",
        "oldState": {"type": kind, "custom": True, "inputs": where | {"waitTimer": before}},
        "newState": {"type": kind, "custom": True, "inputs": where | {"waitTimer": after}},
        "diffReasons": ["waitTimer"],
    }


class Terminal(StringIO):
    """A terminal with typed input."""

    def isatty(self) -> bool:
        """Report a terminal."""
        return True


class Machine:
    """Replaces the observer and Pulumi by the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.observed: Observed = grown.observed(grown.LEDGER)
        self.plan: list[dict[str, Any]] = []
        self.imports = 0

    def observe(self, stack: Stack, **_: Any) -> Observed:
        """Return what GitHub and AWS have; GitHub's names ignore case."""
        there = self.observed.repositories
        found = {one.name: there[one.name.lower()] for one in stack.repositories}
        return replace(self.observed, repositories=found)

    def existing(self, stack: Stack, _: Observed) -> Imports:
        """Return one resource to import, until it is imported."""
        resources = [] if self.imports else [{"name": "ledger-prod", "id": "ledger:prod"}]
        return Imports(stack.name, {"resources": resources})

    def carry_out(self, imports: Imports) -> None:
        """Count the import; no engine runs."""
        self.imports += imports.count

    @property
    def file(self) -> Path:
        """Return the path of the proposed declaration."""
        return self.folder / "ledger.yaml"

    @property
    def files(self) -> set[str]:
        """Return the names of all files of the stack."""
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a stack without repositories; nothing reaches an engine or a network."""
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(json.dumps(grown.RAW))
    made = Machine(folder)
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(survey, "observe", made.observe)
    monkeypatch.setattr(adopt, "export_state", lambda _stack: EXPORT)
    monkeypatch.setattr(adopt, "existing", made.existing)
    monkeypatch.setattr(adopt, "carry_out", made.carry_out)
    monkeypatch.setattr(adopt, "pulumi_json", lambda *_: {"steps": made.plan})
    return made


def test_a_dry_run_writes_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """`adopt --dry-run` prints proposal and changes, writes no file and imports nothing."""
    assert main(["adopt", "acme", "acme/ledger", "--dry-run", "--json"]) == ExitCode.SUCCESS
    told = json.loads(capsys.readouterr().out)
    assert YAML(typ="safe").load(told["proposed"]["ledger.yaml"])["repository"] == "ledger"
    assert {change["repository"] for change in told["changes"]} == {"ledger"}
    assert machine.files == {"_stack.yaml"}
    assert machine.imports == 0


def test_a_default_branch_that_prod_does_not_admit_is_refused(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository that the program would refuse is refused before a file is written."""
    machine.observed = grown.observed(replace(grown.LEDGER, default_branch="develop"))
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "acme/ledger: GitHub runs the prod workflow on the default branch 'develop'" in said
    assert machine.files == {"_stack.yaml"}
    assert machine.imports == 0


def test_a_name_has_githubs_spelling(machine: Machine) -> None:
    """Adoption writes GitHub's spelling of the name, whichever case the user typed."""
    main(["adopt", "acme", "Acme/LEDGER", "--yes"])
    assert machine.files == {"_stack.yaml", "ledger.yaml"}
    assert YAML(typ="safe").load(machine.file)["repository"] == "ledger"


@pytest.mark.parametrize(("answer", "code"), [("yes", ExitCode.ERROR), ("no", ExitCode.CANCELLED)])
def test_a_yes_at_a_terminal_continues(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, answer: str, code: ExitCode
) -> None:
    """At a terminal the answer `yes` continues, and here the proof then fails."""
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    assert main(["adopt", "acme", "ledger"]) == code
    assert machine.file.exists() == (answer == "yes")


def test_a_dry_run_works_before_the_stack_exists(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--dry-run` works before the stack exists in Pulumi; an adoption into it fails."""

    def none(stack: str) -> None:
        raise PulumiError(("stack", "export"), f"no stack named '{stack}' found")

    monkeypatch.setattr(adopt, "export_state", none)
    assert main(["adopt", "acme", "ledger", "--dry-run"]) == ExitCode.SUCCESS
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.ERROR
    assert machine.files == {"_stack.yaml"}


def test_without_a_terminal_and_yes_nothing_is_written(machine: Machine) -> None:
    """Without a terminal and without --yes, adoption ends as cancelled and writes nothing."""
    assert main(["adopt", "acme", "ledger"]) == ExitCode.CANCELLED
    assert machine.files == {"_stack.yaml"}


def test_no_consent_is_asked_if_nothing_is_written(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption asks for no consent if the declaration exists and everything is imported."""
    machine.file.write_text("repository: ledger\n")
    assert main(["adopt", "acme", "ledger"]) == ExitCode.CANCELLED
    assert "give --yes" in capsys.readouterr().err
    machine.imports = 1
    assert main(["adopt", "acme", "ledger"]) == ExitCode.ERROR
    assert "nothing to import; previewing" in capsys.readouterr().err
    assert machine.imports == 1


def test_an_adoption_fails_where_the_preview_differs(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption fails and names the differences if the preview has other changes than listed."""
    machine.plan = [STRANGE]
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.ERROR
    said = capsys.readouterr().err
    assert "not listed: ledger, branch main" in said
    assert "listed, but not in the preview: ledger, environment prod, deployment_branches" in said
    assert machine.imports == 1
    assert machine.files == {"_stack.yaml", "ledger.yaml"}


@pytest.mark.parametrize(
    ("minutes", "last"),
    [
        (30, "slipway up acme, or pulumi up --stack acme, makes these changes"),
        (7, "ledger: environment prod, wait_minutes would become weaker: 30 -> 7"),
    ],
)
def test_the_end_names_changes_for_which_up_needs_consent(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    minutes: int,
    last: str,
) -> None:
    """The last line says whether `up` will need --accept for changes of this repository."""
    machine.observed = grown.observed(grown.with_prod(wait_minutes=30))
    declared = f"repository: ledger\nenvironments: {{prod: {{wait_minutes: {minutes}}}}}\n"
    machine.file.write_text(declared)
    other = json.loads(json.dumps(STRANGE).replace("ledger", "other"))
    machine.plan = [waiting(30, minutes), other]
    monkeypatch.setattr(adopt, "difference", lambda *_: Difference((), ()))
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.SUCCESS
    said = capsys.readouterr().err.splitlines()
    assert said[-1].strip() == last
    assert ("slipway up acme makes these changes; it needs --accept, because" in said) == (
        minutes < 30
    )


def test_a_weaker_prod_is_adopted_and_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What exists is taken over as it is; the line says what `up` will refuse."""
    machine.observed = grown.observed(grown.with_prod(wait_minutes=3))
    environments = "{test: {wait_minutes: 5}, prod: {wait_minutes: 3}}"
    machine.file.write_text(f"repository: ledger\nenvironments: {environments}\n")
    monkeypatch.setattr(adopt, "difference", lambda *_: Difference((), ()))
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.SUCCESS
    assert "ledger: wait_minutes is 3 in prod, and 5 in test" in capsys.readouterr().err


def test_other_repositories_do_not_fail_the_proof(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planned changes of other declared repositories do not fail the adoption's proof."""
    other = "repository: other\nenvironments: {prod: {role: {name: deployer}}}\n"
    (machine.folder / "other.yaml").write_text(other)
    role = {"type": "aws:iam/role:Role", "custom": True, "inputs": {"name": "deployer"}}
    urn = "urn:pulumi:acme::slipway::aws:iam/role:Role::other-prod"
    machine.plan = [{"op": "create", "urn": urn, "newState": role}]
    main(["adopt", "acme", "ledger", "--yes"])
    assert "not listed" not in capsys.readouterr().err


def test_an_incompletely_listed_account_is_reported(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption warns of each account whose roles it could not list completely."""
    main(["adopt", "acme", "ledger", "--dry-run"])
    assert "were looked for" not in capsys.readouterr().err
    accounts = machine.observed.accounts
    partly = {number: replace(found, complete=False) for number, found in accounts.items()}
    machine.observed = replace(machine.observed, accounts=partly)
    main(["adopt", "acme", "ledger", "--dry-run"])
    said = capsys.readouterr().err
    for number in accounts:
        assert f"AWS account {number} refuses iam:GetAccountAuthorizationDetails or" in said


def test_an_untaken_role_is_proposed_as_unmanaged(machine: Machine) -> None:
    """The proposal names untaken roles of the repository as unmanaged, so drift stays silent."""
    wide = grown.role("every*body", "prod", "repo:acme/*")
    machine.observed = grown.observed(grown.LEDGER, prod=wide)
    main(["adopt", "acme", "ledger", "--yes"])
    assert YAML(typ="safe").load(machine.file)["unmanaged"]["roles"] == ["every[*]body"]


def test_an_existing_declaration_is_not_changed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption does not change an existing declaration, and lists the changes that it causes."""
    text = "repository: ledger\nenvironments: {prod: {wait_minutes: 7}}\n"
    machine.file.write_text(text)
    main(["adopt", "acme", "ledger", "--yes", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["proposed"] == {}
    assert ("environment prod", "wait_minutes", "0", "7", "stronger") in {
        (one["object"], one["field"], one["before"], one["after"], one["direction"])
        for one in told["changes"]
    }
    assert machine.file.read_text() == text


def test_another_repositorys_file_is_not_written_over(machine: Machine) -> None:
    """Adoption does not overwrite a file that declares another repository."""
    machine.file.write_text("repository: other\n")
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.CONFIGURATION
    assert machine.file.read_text() == "repository: other\n"


def test_every_obstacle_is_reported_before_anything_is_written(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption reports every obstacle at once, before it writes a file."""
    world = machine.observed
    number = grown.NUMBERS["dev"]
    without = {number: replace(world.accounts[number], oidc_audiences=None)}
    enterprise = frozenset({"BusinessTeam ent:xyz"})
    live = replace(
        grown.with_prod(other_reviewers=enterprise),
        full_name="acme/old",
        archived=True,
        subject_claims=("ref",),
        workflows={},
    )
    machine.observed = Observed(
        {"ledger": live, "gone": None}, accounts={**world.accounts, **without}
    )
    assert main(["adopt", "acme", "ledger", "gone", "--yes"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "a reviewer in prod that no declaration can name" in said
    for words in (
        "acme/old now",
        "archived",
        "subject claims",
        "no commit",
        "acme/gone: is not shown",
    ):
        assert words in said
    assert "accounts.dev.oidc_provider: the account has no OIDC provider" in said
    assert machine.files == {"_stack.yaml"}


def test_a_reviewer_without_access_is_refused(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption refuses a reviewer without access, since every preview would then fail."""
    live = replace(grown.LEDGER, outsiders=frozenset({"team platform", "team other"}))
    machine.observed = grown.observed(live)
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "acme/ledger: has a reviewer in prod without access: give the team platform" in said
    assert "team other" not in said
    assert machine.files == {"_stack.yaml"}


def test_another_owners_repository_is_refused(machine: Machine) -> None:
    """Adoption refuses a repository of another owner: a stack has one owner."""
    assert main(["adopt", "acme", "other/ledger", "--yes"]) == ExitCode.CONFIGURATION
    assert machine.files == {"_stack.yaml"}


@pytest.mark.parametrize(("plan", "written"), [("team", False), ("enterprise", True)])
def test_a_proposal_names_a_deviation_only_if_the_plan_offers_the_rule(
    machine: Machine, plan: Plan, *, written: bool
) -> None:
    """The proposal states `admin_bypass` only where the plan can forbid it."""
    live = replace(grown.with_prod(teams=frozenset()), plan=plan)
    machine.observed = grown.observed(live)
    main(["adopt", "acme", "ledger", "--yes"])
    prod = YAML(typ="safe").load(machine.file).get("environments", {}).get("prod", {})
    assert ("admin_bypass" in prod) is written


def test_rules_beyond_the_plan_stop_an_adoption(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adoption refuses declared rules and environments that the owner's plan does not offer."""
    free = replace(grown.LEDGER, environments={}, plan="free")
    machine.observed = grown.observed(free)
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.CONFIGURATION
    assert "acme/ledger: is not public, and its owner's plan has" in capsys.readouterr().err
    assert machine.files == {"_stack.yaml"}
    machine.observed = grown.observed(replace(grown.LEDGER, plan="team"))
    machine.file.write_text("repository: ledger\nenvironments: {prod: {wait_minutes: 7}}\n")
    assert main(["adopt", "acme", "ledger", "--yes"]) == ExitCode.CONFIGURATION
    place = "stacks/acme/ledger.yaml:2: environments.prod.wait_minutes: ledger is not public"
    assert place in capsys.readouterr().err
    assert machine.imports == 0
