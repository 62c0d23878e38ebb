"""What happened in a repository."""

import json
from typing import Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from history.exceptions import HistoryNotFound
from history.models import Event
from history.views.base import RepositoryView

PAGE: Final = 50


class EventListView(RepositoryView):
    """The events of a repository, newest first."""

    tab = "events"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        events = Event.objects.filter(repository=self.repository).order_by("-id")
        before = request.GET.get("before", "")
        if before.isdecimal() and len(before) < 19:
            events = events.filter(id__lt=int(before))
        found = list(events.defer("body")[: PAGE + 1])
        page = found[:PAGE]
        actors = get_user_model().objects.in_bulk({event.actor for event in page if event.actor})
        rows = [(event, actors.get(event.actor)) for event in page]
        return self.page("history/events.html", rows=rows, before=page[-1].id if len(found) > PAGE else None)


class EventView(RepositoryView):
    """One event as the CloudEvent that was written."""

    tab = "events"

    def get(self, request: HttpRequest, repository: str, event: UUID) -> HttpResponse:
        found = Event.objects.filter(repository=self.repository, uuid=event).first()
        if found is None:
            raise HistoryNotFound(_("There is no such event in this repository."))
        body = json.dumps(json.loads(bytes(found.body)), ensure_ascii=False, indent=2)
        actor = get_user_model().objects.filter(pk=found.actor).first() if found.actor else None
        return self.page("history/event.html", event=found, body=body, actor=actor)
