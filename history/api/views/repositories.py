"""Repositories, who belongs to them, and their branches."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from gateway.api.views import OMSViewSet
from history import services
from history.api.serializers import (
    BranchCreateSerializer,
    BranchSerializer,
    BranchUpdateSerializer,
    MembershipSerializer,
    MembershipSetSerializer,
    RepositoryCreateSerializer,
    RepositorySerializer,
    RepositoryUpdateSerializer,
)
from history.api.views.base import AUTHORITY, BYPASS, RepositoryScopedViewSet
from history.models import Branch, Membership, Repository
from history.permissions import ADMINISTER, require
from history.selectors import membership_get, repository_get, user_get


class RepositoryViewSet(ListModelMixin, RetrieveModelMixin, OMSViewSet):
    """The repositories that the caller may see."""

    dry_run = True
    queryset = Repository.objects.none()
    serializer_class = RepositorySerializer
    lookup_field = "name"
    lookup_value_regex = r"[^/]+"

    def get_queryset(self) -> QuerySet[Repository]:
        return Repository.objects.visible_to(self.request.user).select_related("created_by")

    def get_object(self) -> Repository:
        return repository_get(self.request.user, self.kwargs["name"])

    @extend_schema(request=RepositoryCreateSerializer, responses={201: RepositorySerializer})
    def create(self, request: Request) -> Response:
        """Make a repository; its default branch stands at an empty commit and the caller administers it."""
        data = self.body(RepositoryCreateSerializer)
        repository = services.repository_create(actor=request.user, **data)
        return Response(RepositorySerializer(repository).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RepositoryUpdateSerializer, responses=RepositorySerializer)
    def partial_update(self, request: Request, name: str) -> Response:
        """Set title, description or visibility."""
        data = self.body(RepositoryUpdateSerializer)
        repository = services.repository_update(actor=request.user, repository=self.get_object(), **data)
        return Response(RepositorySerializer(repository).data)


class MembershipViewSet(ListModelMixin, RepositoryScopedViewSet):
    """Who belongs to a repository, and as what."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        return self.repository.memberships.select_related("user", "group").order_by("id")

    @extend_schema(request=MembershipSetSerializer, responses=MembershipSerializer)
    def update(self, request: Request, repository: str, username: str) -> Response:
        """Give somebody a role in the repository."""
        require(request.user, ADMINISTER, self.repository)  # first, or anybody could ask who has an account
        data = self.body(MembershipSetSerializer)
        membership = services.membership_set(
            actor=request.user, repository=self.repository, user=user_get(username), role=data["role"]
        )
        return Response(MembershipSerializer(membership).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, repository: str, username: str) -> Response:
        """End somebody's membership."""
        services.membership_remove(actor=request.user, membership=membership_get(self.repository, username))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BranchViewSet(ListModelMixin, RepositoryScopedViewSet):
    """The branches of a repository."""

    queryset = Branch.objects.none()
    serializer_class = BranchSerializer

    def get_queryset(self) -> QuerySet[Branch]:
        return self.repository.branches.select_related("created_by", "lock__owner")

    @extend_schema(responses=BranchSerializer)
    def retrieve(self, request: Request, repository: str, name: str) -> Response:
        """One branch; its name may hold slashes."""
        return Response(BranchSerializer(self.branch(name)).data)

    @extend_schema(parameters=BYPASS, request=BranchCreateSerializer, responses={201: BranchSerializer})
    def create(self, request: Request, repository: str) -> Response:
        """Make a branch at the commit that the ref ``from`` names."""
        data = self.body(BranchCreateSerializer)
        branch = services.branch_create(
            actor=request.user, repository=self.repository, authority=self.authority, **data
        )
        return Response(BranchSerializer(branch).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=AUTHORITY, request=BranchUpdateSerializer, responses=BranchSerializer)
    def partial_update(self, request: Request, repository: str, name: str) -> Response:
        """Archive a branch, or restore it, by its ``state``; or reset it to the commit that the ref ``head`` names."""
        data = self.body(BranchUpdateSerializer)
        branch = self.branch(name)
        if "head" in data:
            branch = services.branch_reset(
                actor=request.user,
                branch=branch,
                to=data["head"],
                expected_head=data.get("expected_head"),
                authority=self.authority,
            )
        elif data["state"] == Branch.State.ARCHIVED:
            branch = services.branch_archive(actor=request.user, branch=branch, authority=self.authority)
        else:
            branch = services.branch_restore(actor=request.user, branch=branch)
        return Response(BranchSerializer(branch).data)

    @extend_schema(parameters=AUTHORITY, responses={204: None})
    def destroy(self, request: Request, repository: str, name: str) -> Response:
        """Delete a branch; its commits stay."""
        services.branch_delete(actor=request.user, branch=self.branch(name), authority=self.authority)
        return Response(status=status.HTTP_204_NO_CONTENT)
