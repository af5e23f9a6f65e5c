"""Faults of the machine, the network and the clients, and an oracle that tells what was lost."""
