"""Pydantic models of what JSON holds of an ontology, made from its JSON Schema by datamodel-code-generator."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from datamodel_code_generator import InputFileType, NamingStrategy, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import DatetimeClassType, PythonVersion

from history.engine.content import Content, Key
from ontology.formats.json_schema.words import MARK
from ontology.formats.json_schema.writing import schema_of

_HEAD: Final = "# Made from an ontology by OMS; do not edit."
_FORMATS: Final = {"date": "date", "date-time": "date-time", "time-local": "time", "decimal": "decimal", "uuid": "uuid"}
"""The formats that have a Python type, by their names there. Others would ask for packages beside Pydantic."""

_BY_NAME: Final = frozenset({"properties", "$defs"})
_VALUES: Final = frozenset({"default", "enum"})


def write(contents: Mapping[Key, Content]) -> bytes:
    """A module of Pydantic 2 with a model for each definition of the JSON Schema; equal contents have equal bytes."""
    document = schema_of(contents)
    if not document["$defs"]:
        return f"{_HEAD}\n".encode()
    source = json.dumps({"$schema": document["$schema"], "$defs": _by_name(document["$defs"])})
    return f"{_generated(source).rstrip()}\n".encode()


def _generated(source: str) -> str:
    """The code for a schema. What lies in the working directory has no say, and nothing is fetched."""
    with TemporaryDirectory() as folder:
        code = generate(
            source,
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            output_datetime_class=DatetimeClassType.Datetime,
            naming_strategy=NamingStrategy.PrimaryFirst,  # what is nested takes no name of a definition
            skip_root_model=True,
            use_annotated=True,
            use_schema_description=True,
            use_field_description=True,
            custom_file_header=_HEAD,
            disable_timestamp=True,
            formatters=[],
            settings_path=Path(folder),
            allow_remote_refs=False,
        )
    return str(code)


def _plain(schema: Any) -> Any:
    """A schema as far as the generator and Pydantic understand it."""
    if not isinstance(schema, dict):
        return schema
    typed = schema.get("format") in ("decimal", "time-local")  # a pattern is of texts, and they are none
    plain: dict[str, Any] = {}
    for word, value in schema.items():
        if word == "format" and value in _FORMATS:
            plain[word] = _FORMATS[value]
        elif word in _BY_NAME:
            plain[word] = _by_name(value)
        elif word not in (MARK, "format") and not (word == "pattern" and typed):
            plain[word] = value if word in _VALUES else _inside(value)
    return plain


def _by_name(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(schema) for name, schema in schemas.items()}


def _inside(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list) else _plain(value)
