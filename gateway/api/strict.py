"""The fields of request bodies. Each takes values of its own JSON type alone.

Those of Django REST framework read forms as well, and so take ``"yes"`` for true and 3 for ``"3"``; query parameters,
which are text, go on with them.
"""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.fields import empty

from gateway.engine.sentences import Sentence, sentence
from gateway.http.translation import translated


class _OneType(serializers.Field[Any, Any, Any, Any]):
    """Refuses what :mod:`json` does not read as one of ``types``; null is left to ``allow_null``."""

    types: ClassVar[tuple[type, ...]] = (str,)
    refusal: ClassVar[Sentence] = sentence("This must be a string.")

    def run_validation(self, data: Any = empty) -> Any:
        if data is not empty and data is not None and type(data) not in self.types:
            raise serializers.ValidationError(translated(self.refusal), code="invalid")
        return super().run_validation(data)


class CharField(_OneType, serializers.CharField):
    """A text."""


class UUIDField(_OneType, serializers.UUIDField):
    """A UUID in its usual form."""


class BooleanField(_OneType, serializers.BooleanField):
    """True or false."""

    types = (bool,)
    refusal = sentence("This must be true or false.")


class IntegerField(_OneType, serializers.IntegerField):
    """A whole number; JSON has one kind of numbers, so 1.0 is one as well."""

    types = (int, float)
    refusal = sentence("This must be a whole number.")


class PrimaryKeyRelatedField(_OneType, serializers.PrimaryKeyRelatedField[Any]):
    """The number of a row."""

    types = (int,)
    refusal = sentence("This must be a whole number.")
