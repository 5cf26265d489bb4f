"""GitHub's GraphQL API: the part of its published schema that reads repositories and git objects.

`schema.graphql` says what is served; asking for anything else is a validation error. There are no
mutations.
"""
