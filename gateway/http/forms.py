"""Forms whose rules are those of the services that they call, and a field for lists of names."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from gateway.exceptions import AuthenticationStale, OMSError
from gateway.http.translation import translated

T = TypeVar("T")


def show_problem(form: Any, problem: OMSError, places: Mapping[str, str]) -> None:
    """Put what ``problem`` says beside the fields of ``form`` that it is about, and the rest above them.

    ``places`` are the form's fields by the problem's pointers, where the two differ.
    """
    for error in problem.errors:
        name = places.get(error.field, error.field.removeprefix("/"))
        form.add_error(name if name in form.fields else None, translated(error.message))
    if not problem.errors:
        form.add_error(None, translated(problem.detail))


class ServiceForm(forms.Form):
    """Shows what a service refuses at the fields that it is about."""

    places: ClassVar[Mapping[str, str]] = {}
    """The form's fields by the pointers of the service, where they differ."""

    status = 200
    """The status of the page that shows the form."""

    def attempt(self, write: Callable[[], T]) -> T | None:
        """What ``write`` gives; None where the form or the service refuses, and :attr:`status` then says how."""
        if not self.is_valid():
            self.status = 422
            return None
        try:
            return write()
        except AuthenticationStale:
            raise  # a page of its own asks
        except OMSError as problem:
            self.refuse(problem)
            return None

    def done(self, write: Callable[[], None]) -> bool:
        """Whether the form and the service took it; :attr:`status` says how where one refused."""
        self.attempt(write)
        return self.status == 200

    def tell(self, request: HttpRequest) -> None:
        """Have the next page say what was wrong."""
        for errors in self.errors.values():
            for error in errors:
                messages.error(request, str(error))

    def refuse(self, problem: OMSError) -> None:
        """Show ``problem`` and take its status; a form whose fields hold documents shows it in its own way."""
        self.status = problem.status
        show_problem(self, problem, self.places)


class LinesField(forms.CharField):
    """A list of texts, one a line; blanks around them and empty lines do not count."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        """The texts in order."""
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value
