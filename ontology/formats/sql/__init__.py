"""The schema of an SQL database as an ontology. The document is the name of a database that the operator configured."""

from typing import Any

from ontology.formats.reading import Reading
from ontology.formats.sql.database import description_of
from ontology.formats.sql.mapping import reading_of

__all__ = ["read"]


def read(document: Any) -> Reading:
    """What the database of that name in ``IMPORT_DATABASES`` is an ontology of.

    Raises DatabaseUnknown, and DatabaseUnavailable where it does not answer in time.
    """
    return reading_of(description_of(document))
