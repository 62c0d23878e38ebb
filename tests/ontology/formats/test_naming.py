"""Names are made of whatever a source calls things, the same wherever it stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.formats.naming import UniqueNames, camel_case, pascal_case


@pytest.mark.parametrize(
    ("text", "pascal", "camel"),
    [
        ("gene to gene association", "GeneToGeneAssociation", "geneToGeneAssociation"),
        ("related_to", "RelatedTo", "relatedTo"),
        ("RNA product", "RNAProduct", "rnaProduct"),
        ("URL", "URL", "url"),
        ("HTTPServer", "HTTPServer", "httpServer"),
        ("3DModel", "3DModel", "3DModel"),
        ("café-crème", "CafeCreme", "cafeCreme"),
        ("이", "U110bu1175", "u110bu1175"),
        ("--", "Unnamed", "unnamed"),
        ("a" * 200, "A" + "a" * 99, "a" * 100),
    ],
)
def test_names_follow_the_convention(text, pascal, camel):
    assert (pascal_case(text), camel_case(text)) == (pascal, camel)


@given(st.text())
def test_every_text_gives_a_name_that_stays_as_it_is(text):
    for convention in (pascal_case, camel_case):
        name = convention(text)
        assert re.fullmatch(r"[A-Za-z0-9]{1,100}", name)
        assert convention(name) == name


def test_no_name_is_given_twice_whatever_its_case():
    names = UniqueNames(["Gene"])
    assert [names.give(name) for name in ("gene", "GENE", "gene2", "x", "y" * 100, "Y" * 100)] == [
        "gene2", "GENE3", "gene22", "x", "y" * 100, "Y" * 99 + "2",
    ]  # fmt: skip
