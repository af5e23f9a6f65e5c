"""The ways in for programs and the chat page: WebSocket and REST."""
