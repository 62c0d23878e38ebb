"""How many passwords a process checks at once."""

from django.conf import settings

from gateway.engine.bulkhead import Bulkhead

hashing = Bulkhead(limit=settings.PASSWORD_HASHING_LIMIT, wait=settings.PASSWORD_HASHING_WAIT)
