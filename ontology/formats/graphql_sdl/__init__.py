"""GraphQL SDL: what a server would offer that holds an ontology's objects."""

from ontology.formats.graphql_sdl.writing import write

__all__ = ["write"]
