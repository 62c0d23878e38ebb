"""Writes of ontology: the check of commits, the import of ontologies, what rules weigh, and consumers."""

from ontology.services.checks import check_commit
from ontology.services.consumers import Registration, consumer_delete, consumer_register
from ontology.services.declared import Declared, Schema
from ontology.services.documents import IMPORT, OWN, ImportReport, document_import, document_read, reading_import
from ontology.services.previews import CommitPreview, commit_preview
from ontology.services.settings import rule_setting_set

__all__ = [
    "IMPORT",
    "OWN",
    "CommitPreview",
    "Declared",
    "ImportReport",
    "Registration",
    "Schema",
    "check_commit",
    "commit_preview",
    "consumer_delete",
    "consumer_register",
    "document_import",
    "document_read",
    "reading_import",
    "rule_setting_set",
]
