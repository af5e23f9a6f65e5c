"""REST: what the chat page and programs ask for besides the socket."""
