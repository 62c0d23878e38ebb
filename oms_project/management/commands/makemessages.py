"""``manage.py makemessages``: Django's own, which finds sentences, titles of errors and breaking rules too."""

import ast
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages
from django.core.management.commands.makemessages import BuildFile

from ontology.engine.breaking import RULES

TABLE_OF_RULES = "ontology/engine/breaking/rules/__init__.py"


class BuildFileWithMarks(BuildFile):
    """Gives xgettext, as marked texts, what a module holds that is told to people and that no call marks there.

    These are the titles of errors, which are docstrings, and the templates in the table of rules.
    """

    @property
    def texts(self) -> list[str]:
        if self.translatable.file == "exceptions.py":
            return titles(Path(self.path).read_text(encoding="utf-8"))
        if Path(self.path).as_posix().endswith(TABLE_OF_RULES):
            return [rule.sentence for rule in RULES.values()]
        return []

    @property
    def is_templatized(self) -> bool:
        """Whether a copy is read in place of the file itself."""
        return bool(self.texts) or super().is_templatized

    def preprocess(self) -> None:
        if self.texts:
            source = Path(self.path).read_text(encoding="utf-8")
            marks = [f"_({text!r})" for text in self.texts]
            Path(self.work_path).write_text("\n".join([source, *marks]), encoding="utf-8")
        else:
            super().preprocess()


def titles(source: str) -> list[str]:
    """The first lines of the docstrings of the derived classes in ``source``: every error is derived."""
    classes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef) and node.bases)
    return [docstring.splitlines()[0] for each in classes if (docstring := ast.get_docstring(each))]


class Command(makemessages.Command):
    build_file_class = BuildFileWithMarks
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={marker}" for marker in ("sentence", "phrase", "joined", "counted:1,2")),
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """What tests say is told to nobody."""
        options["ignore_patterns"] = [*options["ignore_patterns"], "tests"]
        super().handle(*args, **options)
