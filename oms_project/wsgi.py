"""The WSGI entry point of the web process."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from gateway.middleware import ChunkedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms_project.settings")

application = ChunkedBodies(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # now, not in the first request, which would take a second
