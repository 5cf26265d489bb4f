"""Find or make `pulumi` and the plugins the program needs."""
