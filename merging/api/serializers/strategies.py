"""What the strategies of a repository look like over REST."""

from typing import ClassVar

from rest_framework import serializers

from gateway.api import strict
from gateway.api.serializers import StrictSerializer
from merging.models import MergeStrategy
from merging.models.strategies import ANY_KIND


class MergeStrategySerializer(serializers.ModelSerializer[MergeStrategy]):
    class Meta:
        model = MergeStrategy
        fields: ClassVar = ["id", "kind", "pattern", "strategy"]


class MergeStrategySetSerializer(StrictSerializer):
    kind = strict.CharField(default=ANY_KIND, help_text="A kind of resource; * is all of them.")
    pattern = strict.CharField(help_text="The places, such as description or properties/*/status.")
    strategy = strict.CharField(help_text="What settles disagreements there.")
