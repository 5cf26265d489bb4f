"""Commands that need the declarations alone: files, policies, schemas, lists of stacks."""
