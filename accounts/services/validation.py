"""What the fields of a model say of values that are not theirs."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model

from gateway.exceptions import FieldError


def invalid_fields(row: Model, *, exclude: Iterable[str] = ()) -> list[FieldError]:
    """Every field of ``row``, but for those to ``exclude``, whose value breaks a rule, with each such rule."""
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        return [
            FieldError(f"/{field}", str(problem.code).upper(), problem.messages[0])
            for field, problems in error.error_dict.items()
            for problem in problems
        ]
    return []
