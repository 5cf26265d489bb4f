"""The tree of the product: imports run in one direction, and no level of it is crowded."""

from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

#: The largest allowed number of modules and packages on one level of imports, and in one folder.
MOST = 12


@cache
def graph() -> grimp.ImportGraph:
    """The imports of the product."""
    return grimp.build_graph("components", "operations", cache_dir=None)


def packages() -> list[str]:
    """Every package with something in it."""
    return [module for module in sorted(graph().modules) if graph().find_children(module)]


def siblings(package: str) -> dict[str, set[str]]:
    """The modules and packages in a package, each with those of its siblings that it imports."""
    children = graph().find_children(package)
    owner = {
        module: child for child in children for module in {child, *graph().find_descendants(child)}
    }
    imported: dict[str, set[str]] = {child: set() for child in children}
    for module, child in owner.items():
        for other in graph().find_modules_directly_imported_by(module):
            if owner.get(other, child) != child:
                imported[child].add(owner[other])
    return imported


@pytest.mark.parametrize("package", packages())
def test_imports_run_in_one_direction(package: str) -> None:
    """Siblings do not import each other in a circle, also by way of others."""
    try:
        TopologicalSorter(siblings(package)).prepare()
    except CycleError as error:
        pytest.fail(f"{package}: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("package", packages())
def test_a_level_of_imports_is_not_crowded(package: str) -> None:
    """Only few modules are on one level, that is, import only levels below it."""
    sorter = TopologicalSorter(siblings(package))
    sorter.prepare()
    while sorter.is_active():
        level = sorter.get_ready()
        assert len(level) <= MOST, sorted(level)
        sorter.done(*level)


@pytest.mark.parametrize("package", [one for one in packages() if one.startswith("operations")])
def test_a_folder_of_operations_is_short(package: str) -> None:
    """A folder has few modules and packages, not counting the one that only holds its docstring."""
    assert len(graph().find_children(package)) <= MOST


def test_no_module_lies_beside_its_folder() -> None:
    """No module has a name like the folder beside it, such as drift.py beside drifting/."""
    for package in packages():
        names = {one.rpartition(".")[2] for one in graph().find_children(package)}
        folders = {
            one.rpartition(".")[2]
            for one in graph().find_children(package)
            if graph().find_children(one)
        }
        for folder in folders:
            beside = {name for name in names - {folder} if name[:4] == folder[:4]}
            assert not beside, (package, folder, beside)
