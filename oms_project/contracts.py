"""What clients rely on, written down: the OpenAPI document and the GraphQL schema.

Both are committed under ``docs/api``; ``manage.py export_contracts`` writes them, and a test fails
when they say something else than the code.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from oms_project.graphql import SCHEMA

FOLDER: Path = settings.BASE_DIR / "docs" / "api"


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document, made once per process."""
    with translation.override("en"):
        document: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return document


def contracts() -> dict[Path, str]:
    """The files of the contracts and what they must say."""
    rendered: bytes = OpenApiYamlRenderer().render(openapi(), renderer_context={})
    return {
        FOLDER / "openapi.yaml": rendered.decode(),
        FOLDER / "schema.graphql": SCHEMA.as_str() + "\n",
    }
