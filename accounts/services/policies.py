"""What administrators ask of passwords, factors and sessions."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.exceptions import (
    DefaultPolicyRequired,
    PolicyInUse,
    PolicyInvalid,
    PolicyNameTaken,
    PolicyNotFound,
)
from accounts.models import PasswordPolicy, RoleSettings, User
from accounts.permissions import require_manager
from accounts.services.step_up import fresh_authentication
from accounts.services.validation import invalid_fields
from gateway.engine.sentences import sentence
from gateway.exceptions import FieldError
from history.services import event_record

CLASSES = ("min_lowercase", "min_uppercase", "min_digits", "min_symbols")
CREATED = "io.oms.accounts.password_policy.created"
UPDATED = "io.oms.accounts.password_policy.updated"
DELETED = "io.oms.accounts.password_policy.deleted"


@fresh_authentication
@transaction.atomic
def policy_save(*, actor: User, policy: PasswordPolicy | None = None, **values: Any) -> PasswordPolicy:
    """A new policy, or ``policy`` with these values in place of its own. Where it becomes the default, no other is.

    Raises :class:`ManageUsersDenied`, :class:`PolicyInvalid` with every field that is wrong,
    :class:`PolicyNameTaken`, :class:`DefaultPolicyRequired` and :class:`PolicyNotFound`.
    """
    require_manager(actor)
    known = list(PasswordPolicy.objects.select_for_update().order_by("pk"))
    row = PasswordPolicy() if policy is None else next((each for each in known if each.pk == policy.pk), None)
    if row is None:
        raise PolicyNotFound
    was_default = row.is_default
    fields = [name for name, value in values.items() if policy is None or getattr(row, name) != value]
    for name in fields:
        setattr(row, name, values[name])
    _check_policy(row)
    if was_default and not row.is_default:
        raise DefaultPolicyRequired
    if row.is_default:
        PasswordPolicy.objects.exclude(pk=row.pk).filter(is_default=True).update(is_default=False)
    _policy_save(row)
    if fields:
        _record(actor, row, CREATED if policy is None else UPDATED, fields)
    return row


@fresh_authentication
@transaction.atomic
def policy_delete(*, actor: User, policy: PasswordPolicy) -> None:
    """Delete a policy that is not in use.

    Raises :class:`ManageUsersDenied`, :class:`PolicyNotFound`, :class:`PolicyInUse`, and
    :class:`DefaultPolicyRequired` for the default.
    """
    require_manager(actor)
    row = PasswordPolicy.objects.select_for_update().filter(pk=policy.pk).first()
    if row is None:
        raise PolicyNotFound
    if row.is_default:
        raise DefaultPolicyRequired
    _record(actor, row, DELETED, [])
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as error:
        raise PolicyInUse from error


@fresh_authentication
@transaction.atomic
def role_settings_save(*, actor: User, role: RoleSettings, **values: Any) -> RoleSettings:
    """The settings of a role with these values in place of its own. They hold from the next sign-in on.

    Raises :class:`ManageUsersDenied` and :class:`PolicyInvalid` with every field that is wrong.
    """
    require_manager(actor)
    row = RoleSettings.objects.select_for_update().get(pk=role.pk)
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    for name in fields:
        setattr(row, name, values[name])
    if errors := invalid_fields(row):
        raise PolicyInvalid(errors=errors)
    row.save()
    if fields:
        event_record(
            type="io.oms.accounts.role_settings.updated",
            subject=f"roles/{row.role}",
            actor=actor,
            data={"role": row.role, "fields": sorted(fields)},
        )
    return row


def _check_policy(policy: PasswordPolicy) -> None:
    """Raises :class:`PolicyInvalid` where no password, or no day, could meet the rules."""
    errors = invalid_fields(policy)
    if not errors:
        shortest = min(policy.min_length, policy.min_length_with_factor)
        if sum(getattr(policy, name) for name in CLASSES) > shortest:
            message = sentence("The characters that are asked for are more than the least length.")
            errors += [
                FieldError(f"/{name}", "LONGER_THAN_LENGTH", message) for name in CLASSES if getattr(policy, name)
            ]
        if policy.max_age_days is not None:
            errors += _age_errors(policy, policy.max_age_days)
    if errors:
        raise PolicyInvalid(errors=errors)


def _age_errors(policy: PasswordPolicy, max_age_days: int) -> list[FieldError]:
    if max_age_days < 1:
        return [FieldError("/max_age_days", "MIN_VALUE", sentence("A password serves for one day at least."))]
    if policy.min_age_hours >= max_age_days * 24:
        message = sentence("The password would expire before it may be changed.")
        return [FieldError("/min_age_hours", "LONGER_THAN_AGE", message)]
    return []


def _policy_save(policy: PasswordPolicy) -> None:
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        if not PasswordPolicy.objects.filter(name=policy.name).exclude(pk=policy.pk).exists():
            raise
        message = sentence("Another password policy has this name.")
        raise PolicyNameTaken(errors=[FieldError("/name", "TAKEN", message)]) from error


def _record(actor: User, policy: PasswordPolicy, event: str, fields: list[str]) -> None:
    event_record(
        type=event,
        subject=f"password-policies/{policy.pk}",
        actor=actor,
        data={"password_policy": policy.pk, "fields": sorted(fields)},
    )
