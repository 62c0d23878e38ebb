"""Forms whose rules are those of the services that they call, and a field for lists of names."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gateway.exceptions import OMSError
from gateway.http.translation import translated


def show_problem(form: Any, problem: OMSError, places: Mapping[str, str]) -> None:
    """Put what ``problem`` says beside the fields of ``form`` that it is about, and the rest above them.

    ``places`` are the form's fields by the problem's pointers, where the two differ.
    """
    for error in problem.errors:
        name = places.get(error.field, error.field.removeprefix("/"))
        form.add_error(name if name in form.fields else None, translated(error.message))
    if not problem.errors:
        form.add_error(None, translated(problem.detail))


class LinesField(forms.CharField):
    """A list of texts, one a line; blanks around them and empty lines do not count."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        """The texts in order."""
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value
