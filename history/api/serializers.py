"""What history's REST answers look like and what it reads."""

import json
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import LongListField, StrictSerializer
from gateway.http.pages import DEFAULT_LIMIT, MAX_LIMIT
from history.engine.changes import Change, Delete, Put, Rename
from history.models import Branch, BranchLock, Commit, Event, Membership, Repository, Role, Visibility
from history.selectors import DrawnCommit


class RepositorySerializer(serializers.ModelSerializer[Repository]):
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = Repository
        fields = ["name", "title", "description", "visibility", "default_branch", "created_by", "created_at"]
        read_only_fields = fields


class RepositoryCreateSerializer(StrictSerializer):
    name = strict.CharField(trim_whitespace=False, allow_blank=True)
    title = strict.CharField(allow_blank=True, default="")
    description = strict.CharField(allow_blank=True, default="")
    visibility = serializers.ChoiceField(Visibility.choices, default=Visibility.PRIVATE)


class RepositoryUpdateSerializer(StrictSerializer):
    title = strict.CharField(allow_blank=True, required=False)
    description = strict.CharField(allow_blank=True, required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    user = serializers.CharField(source="user.username", default=None)
    group = serializers.CharField(source="group.name", default=None)

    class Meta:
        model = Membership
        fields = ["user", "group", "role"]
        read_only_fields = fields


class MembershipSetSerializer(StrictSerializer):
    role = serializers.ChoiceField(Role.choices)


class BranchSerializer(serializers.ModelSerializer[Branch]):
    head = serializers.CharField(source="head_id")
    state = serializers.ChoiceField(Branch.State.choices)
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = Branch
        fields = ["name", "head", "state", "created_by", "created_at"]
        read_only_fields = fields


class BranchCreateSerializer(StrictSerializer):
    name = strict.CharField(trim_whitespace=False, allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a keyword of Python's, so the field is declared here."""
        start = strict.CharField(
            source="start", default="", allow_blank=True, help_text="A ref; the default branch where it is left out."
        )
        return {**super().get_fields(), "from": start}


class BranchUpdateSerializer(StrictSerializer):
    """Either ``state`` or ``head``."""

    state = serializers.ChoiceField([Branch.State.ACTIVE.value, Branch.State.ARCHIVED.value], required=False)
    head = strict.CharField(required=False, help_text="A ref; the branch then stands at its commit.")
    expected_head = strict.CharField(
        required=False, help_text="With head: answered with 409 where the branch has moved on."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("state" in attrs) == ("head" in attrs):
            raise serializers.ValidationError(_("Give either state or head."))
        if "expected_head" in attrs and "head" not in attrs:
            raise serializers.ValidationError({"expected_head": _("This goes with head alone.")})
        return attrs


class BranchLockSerializer(serializers.ModelSerializer[BranchLock]):
    branch = serializers.CharField(source="branch.name")
    owner = serializers.CharField(source="owner.username")

    class Meta:
        model = BranchLock
        fields = ["branch", "owner", "reason", "token", "taken_at", "renewed_at", "expires_at"]
        read_only_fields = fields


class LockTakeSerializer(StrictSerializer):
    branch = strict.CharField()
    reason = strict.CharField(allow_blank=True, trim_whitespace=False, help_text="Why, for those whom it keeps away.")
    duration = strict.IntegerField(help_text="Seconds, 604,800 at most; renew the lock to keep it longer.")


class LockRenewSerializer(StrictSerializer):
    token = strict.IntegerField()
    duration = strict.IntegerField(help_text="Seconds from now.")


class LockReleaseQuery(serializers.Serializer[Any]):
    token = serializers.IntegerField(required=False, help_text="That of the lock, which one holds oneself.")
    force = serializers.BooleanField(default=False, help_text="Whoever holds it; for administrators.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "token" not in attrs and not attrs["force"]:
            raise serializers.ValidationError({"token": _("This field is required.")}, code="required")
        return attrs


class CommitSerializer(serializers.ModelSerializer[Commit]):
    id = serializers.CharField(source="digest")
    parents = serializers.SerializerMethodField()
    author = serializers.CharField(source="author.username")

    class Meta:
        model = Commit
        fields = ["id", "parents", "author", "message", "created_at"]
        read_only_fields = fields

    def get_parents(self, commit: Commit) -> list[str]:
        return [edge.parent_id for edge in commit.parent_edges.all()]


class DrawnCommitSerializer(serializers.Serializer[DrawnCommit]):
    """A commit and the lines through its row of the picture; lanes are counted from the left, from 0."""

    commit = CommitSerializer()
    lane = serializers.IntegerField(source="row.lane", help_text="The lane that the commit stands in.")
    passing = serializers.ListField(
        source="row.passing", child=serializers.IntegerField(), help_text="Lanes whose lines pass the commit by."
    )
    joining = serializers.ListField(
        source="row.joining", child=serializers.IntegerField(), help_text="Lanes whose lines end in it, from above."
    )
    leaving = serializers.ListField(
        source="row.leaving",
        child=serializers.IntegerField(),
        help_text="For each parent the lane below in which a line leads to it.",
    )
    branches = serializers.ListField(
        source="label.names", child=serializers.CharField(), help_text="The branches that point to it, 10 at most."
    )
    branch_count = serializers.IntegerField(source="label.count", help_text="How many branches point to it.")


class CommitGraphSerializer(serializers.Serializer[Any]):
    """A page of the picture."""

    next = serializers.URLField(allow_null=True)
    left_out = serializers.IntegerField(help_text="How many branches the picture does not begin at.")
    results = DrawnCommitSerializer(many=True)


@extend_schema_field(
    {
        "type": "object",
        "required": ["op", "kind", "name"],
        "properties": {
            "op": {"type": "string", "enum": ["put", "delete", "rename"]},
            "kind": {"type": "string"},
            "name": {"type": "string"},
            "content": {"type": "object", "description": "With put: what the resource holds from now on."},
            "to": {"type": "string", "description": "With rename: the new name. Whatever refers to it follows."},
        },
    }
)
class ChangeField(serializers.Field[Change, Any, Any, Any]):
    """``{"op": "put" | "delete" | "rename", "kind", "name", "content" | "to"}`` as a change."""

    MEMBERS = {"put": ("kind", "name", "content"), "delete": ("kind", "name"), "rename": ("kind", "name", "to")}

    def to_internal_value(self, data: Any) -> Change:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("A change is an object."))
        members = self.MEMBERS.get(str(data.get("op")))
        if members is None:
            raise serializers.ValidationError({"op": _("This must be put, delete or rename.")})
        problems = {name: _("This field is required.") for name in members if name not in data}
        problems |= {name: _("This field is unknown.") for name in data if name not in (*members, "op")}
        problems |= {
            name: _("This must be a string.")
            for name in members
            if name != "content" and name in data and not isinstance(data[name], str)
        }
        if problems:
            raise serializers.ValidationError(problems)
        values = [data[name] for name in members]
        match data["op"]:
            case "put":
                return Put(*values)
            case "delete":
                return Delete(*values)
        return Rename(*values)


class CommitCreateSerializer(StrictSerializer):
    branch = strict.CharField()
    expected_head = strict.CharField(required=False, help_text="Answered with 409 where the branch has moved on.")
    message = strict.CharField(allow_blank=True, trim_whitespace=False)
    changes = LongListField(child=ChangeField(), allow_empty=False)


class ResourceSerializer(serializers.Serializer[Any]):
    """A resource at a commit."""

    kind = serializers.CharField()
    api_name = serializers.CharField()
    rid = serializers.CharField()
    content = serializers.JSONField()
    commit = serializers.CharField()


class ResourcePutSerializer(StrictSerializer):
    content = serializers.JSONField()
    message = strict.CharField(allow_blank=True, default="", trim_whitespace=False)


class ResourcePatchSerializer(StrictSerializer):
    content = serializers.DictField(help_text="A JSON merge patch (RFC 7396) of the content.")
    message = strict.CharField(allow_blank=True, default="", trim_whitespace=False)


class ResourceDeleteQuery(serializers.Serializer[Any]):
    ref = serializers.CharField(default="")
    message = serializers.CharField(default="", trim_whitespace=False)


class RefQuery(serializers.Serializer[Any]):
    ref = serializers.CharField(default="", help_text="A branch, branch@{time} or commit; the default branch if empty.")


class ResourceListQuery(RefQuery):
    kind = serializers.CharField(default="")
    search = serializers.CharField(default="", trim_whitespace=False)


class LogQuery(RefQuery):
    limit = serializers.IntegerField(default=DEFAULT_LIMIT, min_value=1, max_value=MAX_LIMIT)
    cursor = serializers.CharField(default="")


class GraphQuery(LogQuery):
    all = serializers.BooleanField(
        default=False, help_text="Also from the heads of the branches with the newest commits, 50 at most."
    )


class EventQuery(serializers.Serializer[Any]):
    type = serializers.CharField(required=False)
    subject = serializers.CharField(required=False)
    actor = serializers.UUIDField(required=False)
    repository = serializers.CharField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class EventSerializer(serializers.Serializer[Event]):
    """The CloudEvent (1.0, in JSON) as it was written; an attribute that would be empty is left out."""

    id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment] # the metaclass takes it from the class
    specversion = serializers.CharField()
    type = serializers.CharField()
    time = serializers.DateTimeField()
    datacontenttype = serializers.CharField()
    subject = serializers.CharField()
    actor = serializers.UUIDField(required=False)
    branch = serializers.CharField(required=False)
    commit = serializers.CharField(required=False)
    correlationid = serializers.CharField(required=False)
    data = serializers.JSONField()  # type: ignore[assignment] # as above

    def to_representation(self, instance: Event) -> Any:
        return json.loads(bytes(instance.body))
