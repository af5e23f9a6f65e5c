"""Who you are: accounts, passwords, sessions, tokens, names, and the gate that requests pass."""
