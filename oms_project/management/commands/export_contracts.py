from typing import Any

from django.core.management.base import BaseCommand

from oms_project.contracts import contracts


class Command(BaseCommand):
    help = "Write the OpenAPI document and the GraphQL schema to docs/api."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in contracts().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.stdout.write(str(path))
