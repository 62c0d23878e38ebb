"""What can go wrong in ontology; each is one of gateway's roots by meaning."""

from gateway.exceptions import Invalid, Malformed, NotFound, Unavailable


class OntologyInvalid(Invalid):
    """The ontology would not be valid."""

    code = "ontology-invalid"


class DocumentMalformed(Malformed):
    """The document cannot be read in its format."""

    code = "document-malformed"


class FormatUnknown(Invalid):
    """This is no format that ontologies are read from, or written in."""

    code = "format-unknown"


class SchemaNotFound(NotFound):
    """There is no schema of such a kind."""

    code = "schema-not-found"


class RuleNotFound(NotFound):
    """There is no such rule of validation."""

    code = "rule-not-found"


class RuleImmovable(Invalid):
    """The severity of this rule is the same everywhere."""

    code = "rule-immovable"


class DatabaseUnknown(Invalid):
    """This is no database that can be imported from here."""

    code = "database-unknown"


class DatabaseUnavailable(Unavailable):
    """The database to import from cannot be reached, or takes too long."""

    code = "database-unavailable"


class ConsumerNotFound(NotFound):
    """There is no such consumer."""

    code = "consumer-not-found"


class ConsumerInvalid(Invalid):
    """The consumer is not valid."""

    code = "consumer-invalid"
