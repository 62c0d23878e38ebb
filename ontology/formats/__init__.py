"""Other notations of ontologies: what reads them and what writes them, by name.

What a source holds and OMS cannot is an :class:`Omission`; nothing is left out in silence.
"""

from ontology.formats.reading import Omission, Reading, by_code
from ontology.formats.registry import FORMATS, READABLE, WRITABLE, Format, format_get
from ontology.formats.settling import settled

__all__ = ["FORMATS", "READABLE", "WRITABLE", "Format", "Omission", "Reading", "by_code", "format_get", "settled"]
