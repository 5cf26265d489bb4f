"""Mutation tests: mutmut changes one expression of a module at a time, and a unit test must fail.

`python -m tests.mutants` runs them (`make mutants`). survivors.toml lists each mutant that no test
finds, with the reason. mutmut is installed into a folder of its own, as no other target needs it.
"""
