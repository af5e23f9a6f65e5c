"""Who is listening, here and on other nodes."""
