"""The servers that OMS brings along: PostgreSQL and Valkey from pip wheels, on Unix sockets."""
