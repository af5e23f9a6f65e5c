"""What the Makefile runs: the environment, the checks, the vendored modules."""
