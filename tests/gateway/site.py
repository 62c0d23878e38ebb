"""A small site on gateway alone: groups that can be made, and views that fail in every way.

``X-User: alice`` is all it takes to be Alice here.
"""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import ClassVar

import kombu.exceptions
import redis
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import exceptions as rest
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from gateway import exceptions
from gateway.api.pagination import CursorPagination, LimitOffsetPagination
from gateway.api.serializers import LongListField, StrictSerializer
from gateway.api.views import OMSAPIView, OMSViewSet

handler400 = "gateway.views.bad_request"
handler403 = "gateway.views.permission_denied"
handler404 = "gateway.views.page_not_found"
handler500 = "gateway.views.server_error"


class HeaderAuthentication(BaseAuthentication):
    def authenticate(self, request):
        name = request.headers.get("X-User")
        return (SimpleNamespace(pk=name, principal=name, is_authenticated=True), None) if name else None

    def authenticate_header(self, request):
        return 'Test realm="tests"'


class Open(OMSAPIView):
    authentication_classes: ClassVar = [HeaderAuthentication]
    permission_classes: ClassVar = []


class EchoView(Open):
    """Answers with the body as it was read."""

    def post(self, request):
        return Response({"data": request.data})


class SmallView(EchoView):
    body_limit = 10


class MemberSerializer(StrictSerializer):
    name = serializers.CharField(max_length=10)
    age = serializers.IntegerField(required=False)


class GroupSerializer(StrictSerializer):
    name = serializers.CharField(max_length=50)
    members = MemberSerializer(many=True, required=False)
    labels = serializers.ListField(child=serializers.IntegerField(), required=False)
    numbers = LongListField(child=serializers.IntegerField(), required=False)
    owner = MemberSerializer(required=False)


class GroupsView(Open):
    """Makes a group and counts what it did; refuses a name that is taken and breaks on request."""

    dry_run = True
    executed: ClassVar[list[str]] = []

    def post(self, request):
        serializer = GroupSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        name = serializer.validated_data["name"]
        self.executed.append(name)
        if Group.objects.filter(name=name).exists():
            raise exceptions.Conflict("The name is taken.", name=name)
        group = Group.objects.create(name=name)
        if name == "broken":
            raise ZeroDivisionError("secret detail")
        if name == "down":
            raise exceptions.Unavailable
        return Response({"id": group.pk, "name": name}, status=201, headers={"Location": f"/groups/{group.pk}/"})

    def delete(self, request):
        Group.objects.all().delete()
        return Response(status=204)


class StubbornView(Open):
    """A write that cannot be tried."""

    def put(self, request):
        Group.objects.create(name="made")
        return Response({})


class QuerySerializer(serializers.Serializer):
    ref = serializers.CharField(max_length=5)
    depth = serializers.IntegerField(default=1)


class QueryView(Open):
    def get(self, request):
        return Response(self.query(QuerySerializer))


class MembersOnlyView(Open):
    permission_classes: ClassVar = [IsAuthenticated]

    def get(self, request):
        return Response({"hello": request.user.pk})


class GroupModelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ("name",)


class GroupListViewSet(OMSViewSet):
    authentication_classes: ClassVar = []
    permission_classes: ClassVar = []
    queryset = Group.objects.order_by("pk")
    serializer_class = GroupModelSerializer
    pagination_class = LimitOffsetPagination

    def list(self, request):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class NewestFirst(CursorPagination):
    ordering = "-pk"


class GroupFeedViewSet(GroupListViewSet):
    pagination_class = NewestFirst


FAILURES = {
    "malformed": exceptions.Malformed("No.", errors=[exceptions.FieldError("/name", "REQUIRED", "Give a name.")]),
    "unauthenticated": exceptions.Unauthenticated(),
    "conflict": exceptions.Conflict(head="abc"),
    "locked": exceptions.Locked(),
    "rate-limited": exceptions.RateLimited(retry_after=7),
    "unavailable": exceptions.Unavailable(),
    "django-404": Http404(),
    "django-403": PermissionDenied(),
    "django-400": SuspiciousOperation(),
    "rest-404": rest.NotFound(),
    "rest-403": rest.PermissionDenied(),
    "rest-401": rest.AuthenticationFailed(),
    "rest-429": rest.Throttled(),
    "redis": redis.ConnectionError("secret detail"),
    "redis-timeout": redis.TimeoutError("secret detail"),
    "broker": kombu.exceptions.OperationalError("secret detail"),
    "database": OperationalError("secret detail"),
    "bug": ZeroDivisionError("secret detail"),
}


class FailingView(Open):
    def get(self, request, failure):
        raise FAILURES[failure]


def failing_page(request, failure):
    raise FAILURES[failure]


class StatementView(Open):
    """Executes what the tests say, inside a transaction where they want one."""

    statement: ClassVar[str] = "SELECT 1"
    is_atomic: ClassVar[bool] = False

    def get(self, request):
        with transaction.atomic() if self.is_atomic else nullcontext(), connection.cursor() as cursor:
            cursor.execute(self.statement)
        return Response({})


urlpatterns = [
    path("api/echo/", EchoView.as_view()),
    path("api/small/", SmallView.as_view()),
    path("api/groups/", GroupsView.as_view()),
    path("api/stubborn/", StubbornView.as_view()),
    path("api/query/", QueryView.as_view()),
    path("api/members/", MembersOnlyView.as_view()),
    path("api/list/", GroupListViewSet.as_view({"get": "list"})),
    path("api/feed/", GroupFeedViewSet.as_view({"get": "list"})),
    path("api/statement/", StatementView.as_view()),
    path("api/fail/<str:failure>/", FailingView.as_view()),
    path("api/page/<str:failure>/", failing_page),
    path("page/<str:failure>/", failing_page),
    path("page/", lambda request: HttpResponse("a page")),
]
