"""Which declarations of a stack are left, if others have problems."""

from collections.abc import Iterable
from pathlib import Path

from components.config.problems import Problem
from components.config.sound_part import Declared, read_declared
from components.config.stack_files import StackFiles
from tests.stacks import SETTINGS, WriteStack


def read(folder: Path) -> Declared:
    """Return what the folder declares, with no further judgement."""
    return read_declared(folder, lambda _: (), files=None)


def names(declared: Declared) -> list[str]:
    """Return the names of the repositories that are left."""
    assert declared.files is not None
    return [one.name for one in declared.files.stack.repositories]


def places(declared: Declared) -> list[str]:
    """Return file and line of each problem."""
    return [str(one).split(": ")[0] for one in declared.problems]


def test_a_stack_without_a_problem_is_read_as_a_whole(write_stack: WriteStack) -> None:
    """Nothing is left out; what was read before is not read again."""
    folder = write_stack(a="repository: a\n", b="repository: b\n")
    files = StackFiles(folder)
    declared = read_declared(folder, lambda _: (), files=files)
    assert declared == Declared(files)


def test_files_with_a_problem_are_left_out_alone(write_stack: WriteStack) -> None:
    """Problems that only a second reading finds are told at once with the first ones.

    A file that is no YAML hides every other problem of its stack in the first reading.
    """
    folder = write_stack(
        a="repository: a\n", b="repository: [\n", c="# ours\nrepositry: c\n", d="repository: A\n"
    )
    (folder / "below").mkdir()
    (folder / "below/e.yaml").write_text("repository: e\n", encoding="utf-8")
    declared = read(folder)
    assert names(declared) == ["a"]
    assert declared.left_out == ("b.yaml", "below/e.yaml", "c.yaml", "d.yaml")
    files = ["b.yaml", "below/e.yaml", "c.yaml", "c.yaml", "d.yaml"]
    assert [place.split(":")[0] for place in places(declared)] == [
        f"stacks/s/{file}" for file in files
    ]


def test_a_further_judgement_leaves_out_what_it_finds(write_stack: WriteStack) -> None:
    """It judges the files that are left, until it finds nothing."""
    folder = write_stack(a="repository: a\n", b="repository: b\n", c="no: c\n")
    judged: list[list[str]] = []

    def judge(files: StackFiles) -> Iterable[Problem]:
        judged.append([one.name for one in files.stack.repositories])
        for one in files.stack.repositories:
            if one.name == "b":
                yield files.problem(one, ("repository",), "is taken")

    declared = read_declared(folder, judge, files=None)
    assert judged == [["a", "b"], ["a"]]
    assert names(declared) == ["a"]
    assert places(declared) == ["stacks/s/b.yaml:1", *["stacks/s/c.yaml:1"] * 2]


def test_a_problem_of_the_stack_leaves_nothing(write_stack: WriteStack) -> None:
    """A mistake in `_stack.yaml` leaves nothing to ask, because it holds for every repository."""
    a = "repository: a\n"
    for text in (
        SETTINGS.replace("owner: acme", "owners: acme"),
        f"{SETTINGS}defaults: {{x: 1}}\n",
    ):
        folder = write_stack(text, a=a)
        declared = read(folder)
        assert declared.files is None
        assert places(declared)[0].startswith("stacks/s/_stack.yaml:")
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        folder.parent.rmdir()
    assert read(Path("stacks/none")).files is None


def test_a_stack_whose_files_all_have_problems_is_still_a_stack(write_stack: WriteStack) -> None:
    """Its owner and its accounts can be asked about."""
    declared = read(write_stack(a="repositry: a\n"))
    assert names(declared) == []
    assert declared.left_out == ("a.yaml",)
