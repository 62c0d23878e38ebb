"""How fast OMS is, each measurement beside its peer on the same work."""
