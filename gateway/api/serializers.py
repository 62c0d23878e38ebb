from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from gateway.exceptions import MAX_ERRORS
from gateway.http.translation import translated


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses fields it does not know, so that a misspelt one is not silently dropped."""

    def to_internal_value(self, data: Any) -> Any:
        keys = data if isinstance(data, Mapping) else ()
        unknown = list(islice((key for key in keys if key not in self.fields), MAX_ERRORS))
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not unknown or not isinstance(error.detail, dict):
                raise
            raise serializers.ValidationError({**error.detail, **_unknown_fields(unknown)}) from error
        if unknown:
            raise serializers.ValidationError(_unknown_fields(unknown))
        return value


class SentenceField(serializers.CharField):
    """A sentence, told in the reader's language."""

    def to_representation(self, value: str) -> str:
        return translated(value)


class LongListField(serializers.ListField):
    """A list that may have many items; looked at until :data:`MAX_ERRORS` of them are wrong."""

    def run_child_validation(self, data: Any) -> list[Any]:
        values: list[Any] = []
        errors: dict[str, Any] = {}
        for index, item in enumerate(data):
            try:
                values.append(self.child.run_validation(item))
            except serializers.ValidationError as error:
                errors[str(index)] = error.detail
                if len(errors) == MAX_ERRORS:
                    break
        if errors:
            raise serializers.ValidationError(errors)
        return values


def _unknown_fields(names: list[str]) -> dict[str, list[ErrorDetail]]:
    return {name: [ErrorDetail(_("This field is unknown."), code="unknown_field")] for name in names}
