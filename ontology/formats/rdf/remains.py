"""What of a document nobody has read: told, thing by thing."""

from collections.abc import Collection

from rdflib import OWL, RDF, BNode, URIRef

from gateway.engine.sentences import sentence
from ontology.formats.rdf.datatypes import SCHEMA_ORG
from ontology.formats.rdf.source import Source
from ontology.formats.rdf.vocabulary import curie


def remains_tell(source: Source, resources: Collection[URIRef]) -> None:
    """Name what is left of ``source``: the header, individuals, statements about what is elsewhere, and axioms."""
    statements = source.statements
    told = {*resources, *SCHEMA_ORG}
    for subject in statements:
        left = statements.left(subject)
        if not left or subject in told or (isinstance(subject, BNode) and subject in statements.referenced):
            continue
        types = [curie(type_) for type_ in statements.see(subject, RDF.type) if isinstance(type_, URIRef)]
        if OWL.Ontology in statements.see(subject, RDF.type):
            _tell_header(source, subject)
        elif isinstance(subject, BNode):
            source.omit(subject, "AXIOM", sentence("An axiom or individual without an IRI did not come over."))
        elif types:
            message = sentence("An individual of {types} did not come over.", types=", ".join(types))
            source.omit(subject, "INSTANCE", message)
        else:
            message = sentence(
                "{number} statements about something elsewhere did not come over.",
                number=sum(map(len, left.values())),
            )
            source.omit(subject, "STATEMENT", message)


def _tell_header(source: Source, subject: URIRef | BNode) -> None:
    for imported in source.statements.take(subject, OWL.imports):
        message = sentence("{imported} is not fetched; import it by itself.", imported=str(imported))
        source.omit(subject, "IMPORT_NOT_FOLLOWED", message)
    source.statements.take(subject, RDF.type)
    names = sorted(curie(str(predicate)) for predicate in source.statements.left(subject))
    if names:
        message = sentence("What is said of the ontology itself did not come over: {names}.", names=", ".join(names))
        source.omit(subject, "HEADER", message)
