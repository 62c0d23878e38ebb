"""States of ontologies for tests of formats: of the demo, and any."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from history.engine.content import Content, Key
from ontology.engine.content import OntologyContent
from tests.oms_project.test_demo_ontology import RESOURCES
from tests.ontology.strategies import NAMES, resources

DEMO: Mapping[Key, Content] = RESOURCES


def normal(contents: Mapping[Key, Any]) -> dict[Key, Content]:
    """``contents`` as they are stored when nothing was there before."""
    return {
        key: OntologyContent().normalise(*key, content, None, lambda _rid: False) for key, content in contents.items()
    }


def state(**kinds: Any) -> dict[Key, Content]:
    """The state that holds the resources of each kind."""
    return normal({(kind, name): content for kind, named in kinds.items() for name, content in named.items()})


STATES = st.lists(st.tuples(NAMES, resources()), max_size=6).map(
    lambda found: normal({(kind, name): content for name, (kind, content) in found})
)
"""Valid resources together, which need not be a valid ontology: much that they name is not there."""
