"""The `slipway` command: what `pulumi` lacks, around it and never instead of it."""
