"""Chatelaine's tests; the tree mirrors the program's."""
