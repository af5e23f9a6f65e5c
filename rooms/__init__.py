"""Who may do what in which room."""
