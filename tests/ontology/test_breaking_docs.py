"""The page about the ontology lists every finding with its severity and whom it breaks."""

from ontology.engine.breaking import RULES, Audience
from tests.oms_project.markdown import names, sections, tables

PAGE = "docs/ontology.md"
HEADINGS = {
    "OT": "Of object types",
    "PR": "Of properties",
    "VT": "Of value types",
    "ST": "Of struct types",
    "LK": "Of link types",
    "IF": "Of interfaces",
    "SP": "Of shared properties",
    "AC": "Of action types",
    "RS": "Of anything else",
}


def test_every_finding_is_documented_with_its_severity_and_whom_it_breaks() -> None:
    documented = {
        names(row[0])[0]: (prefix, row[1], row[2])
        for prefix, heading in HEADINGS.items()
        for row in tables(sections(PAGE)[heading])[0]
    }
    assert documented == {
        rule.id: (
            rule.id.split("_")[0],
            ", ".join(rule.severities),
            ", ".join(audience for audience in Audience if audience in rule.breaks) or "nobody",
        )
        for rule in RULES.values()
    }
