"""The whole product, real sockets, people who do anything: judged by its logs and another model."""
