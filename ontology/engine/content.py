"""The meta-model as history sees it."""

from collections.abc import Callable, Mapping
from typing import Any

from history.engine.content import Content, ContentInvalid, Key, Violation
from ontology.engine import identity, normalisation, references
from ontology.engine.kinds import KINDS


class OntologyContent:
    """The seven kinds, for :class:`history.engine.content.ContentModel`."""

    kinds: tuple[str, ...] = tuple(KINDS)

    def name_violations(self, kind: str, name: str) -> list[Violation]:
        """What is wrong with ``name`` for a resource of ``kind``, an unknown kind among it."""
        return normalisation.name_violations(kind, name)

    def normalise(
        self, kind: str, name: str, content: Any, previous: Content | None, taken: Callable[[str], bool]
    ) -> Content:
        """The one stored form of ``content``: checked, defaults left out, every identity given.

        Raises :class:`ContentInvalid` with all violations.
        """
        violations = self.name_violations(kind, name)
        if violations:
            raise ContentInvalid(violations)
        normal, violations = normalisation.normal_form(kind, name, content)
        violations += identity.give_identities(kind, name, normal, previous, taken)
        if violations:
            raise ContentInvalid(violations)
        return normal

    def references(self, kind: str, name: str, content: Content) -> frozenset[Key]:
        """The resources that ``content``, a stored form, names."""
        return references.references(kind, content)

    def rewrite(self, kind: str, content: Content, renames: Mapping[Key, str]) -> Content:
        """``content`` with every reference to a key of ``renames`` given its new name."""
        return references.rewrite(kind, content, renames)
