"""What the server that tests fork their processes off does once, so that none of them has to."""

import gc

from django.test import Client

Client().get("/health/live")
gc.collect()
gc.freeze()
