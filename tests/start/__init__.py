"""Starting the program, well and badly."""
