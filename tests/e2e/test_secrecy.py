"""A secret's value is found nowhere but where it belongs."""

from pathlib import Path

from tests.e2e.conftest import ONE_ACCOUNT, Project

MARKER = "marker-5d41402abc4b2a76b9719d911017c592"
SECRETS = "secrets: {FROM_CONFIG: config, FROM_ENV: {env: A_TOKEN}}"


def holders(*folders: Path) -> list[str]:
    """Files below the folders that hold the marker, links not followed."""
    return [
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and MARKER.encode() in path.read_bytes()
    ]


def test_a_value_reaches_github_and_nothing_else(project: Project, tmp_path: Path) -> None:
    """Not state, logs, output, exports, workflow files, temporary files; GitHub alone has it."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    text = f"repository: billing\nenvironments: {{prod: {{{SECRETS}}}}}\n"
    project.new_stack("s", ONE_ACCOUNT, billing=text)
    path = ("--path", "secrets.billing.prod.FROM_CONFIG")
    project.pulumi("config", "set", "--secret", *path, f"{MARKER}-config", "--stack", "s")
    token = f"{MARKER}-env"
    runs = [
        project.pulumi(*command, "--stack", "s", A_TOKEN=token, TMPDIR=str(temporary))
        for command in (
            ("preview", "--diff"),
            # At 9 Pulumi traces every property of every call, in clear: its own doing.
            ("up", "--yes", "--logtostderr", "-v=8", "--debug"),
            ("preview", "--refresh", "--json"),
            ("stack", "output", "--json"),
            ("stack", "export"),
        )
    ]
    assert project.world.control("GET", "secrets/acme/billing/prod") == {
        "FROM_CONFIG": f"{MARKER}-config",
        "FROM_ENV": f"{MARKER}-env",
    }
    said = [run.args[1] for run in runs if MARKER in run.stdout or MARKER in run.stderr]
    assert said == []
    sandbox = Path(project.world.environment["PULUMI_HOME"]).parent
    assert (sandbox / "state").is_dir()
    assert holders(project.folder, sandbox, temporary) == []


def test_the_search_itself_finds_a_value(tmp_path: Path) -> None:
    """The test above would notice a file that holds the marker."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/leak").write_text(f"x{MARKER}y", encoding="utf-8")
    assert holders(tmp_path) == ["deep/leak"]
