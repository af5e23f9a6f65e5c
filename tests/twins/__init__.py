"""Two servers alike but for a hidden room full of activity: outsiders cannot tell them apart."""
