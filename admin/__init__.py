"""Running the server: its pages and commands."""
