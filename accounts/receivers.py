"""What the installation is given when its tables have been made."""

from typing import Any

from accounts.models import PasswordPolicy, RoleSettings
from history.models import Role

POLICIES = (
    PasswordPolicy(name="nist", is_default=True),
    PasswordPolicy(
        name="enterprise",
        min_length=12,
        min_length_with_factor=12,
        min_lowercase=1,
        min_uppercase=1,
        min_digits=1,
        min_symbols=1,
        history=10,
        max_age_days=90,
        warning_days=14,
        min_age_hours=24,
    ),
)


def policies_provide(**_: Any) -> None:
    """The two policies and a row of settings for each role, where they are missing."""
    PasswordPolicy.objects.bulk_create(POLICIES, ignore_conflicts=True)
    RoleSettings.objects.bulk_create([RoleSettings(role=role) for role in Role.values], ignore_conflicts=True)
