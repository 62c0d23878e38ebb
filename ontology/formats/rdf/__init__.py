"""Ontologies in RDF: OWL and RDFS say what there is, SHACL what holds of it, OMS's own words the rest."""
