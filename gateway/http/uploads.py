"""Files that browsers upload."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUpload(FileUploadHandler):
    """Stands before the handlers that keep files, and refuses a body over ``DOCUMENT_BODY_LIMIT`` bytes unread.

    Django's own limit leaves files out. Whoever reads the form first, the check of its CSRF token, is told.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  (as in Django)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.DOCUMENT_BODY_LIMIT:
            raise RequestDataTooBig("The form is larger than DOCUMENT_BODY_LIMIT.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
