"""REST and the handshake, asked over real connections."""
