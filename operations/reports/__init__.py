"""Say what was found: to a terminal, a program, a page, a code scanner, an issue."""
