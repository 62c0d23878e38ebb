"""What consumers use of an ontology: how it is written down, derived from what they have, and found again.

Consumers say what they use by name. Who is meant is kept by rid, so that a usage is found again under
whatever name a state has for it.
"""

from ontology.engine.usages.derived import Derived, derived
from ontology.engine.usages.json_schema import usages_of_schema
from ontology.engine.usages.registered import Named, Registered, Standing, identified, standings
from ontology.engine.usages.vocabulary import Vocabulary

__all__ = [
    "Derived",
    "Named",
    "Registered",
    "Standing",
    "Vocabulary",
    "derived",
    "identified",
    "standings",
    "usages_of_schema",
]
