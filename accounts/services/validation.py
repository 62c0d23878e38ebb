"""What is wrong with values that are to be kept."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from accounts.models.users import EMAIL_KEY_LENGTH, EMAIL_LENGTH
from gateway.engine.sentences import sentence
from gateway.engine.text import folded, is_one_line
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


def is_address(email: str) -> bool:
    """Whether mails can be sent to ``email``, in whose header it must stay on its line."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_LENGTH and len(folded(email)) <= EMAIL_KEY_LENGTH and is_one_line(email)


def address_errors(email: str) -> list[FieldError]:
    """What is said of an address that is none."""
    return [] if is_address(email) else [FieldError("/email", "INVALID", sentence("This is no e-mail address."))]
