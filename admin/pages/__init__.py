"""The pages on which admins run the server."""
