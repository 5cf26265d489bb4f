"""What the program's own preview tells of the live world besides Pulumi's diff."""
