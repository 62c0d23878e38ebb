"""Making and changing accounts."""

from collections.abc import Iterable
from types import EllipsisType

import psycopg
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.engine.names import composed, is_username
from accounts.exceptions import AccountDeleted, LastAdministrator, NameTaken, UserInvalid
from accounts.models import PasswordPolicy, RevokeReason, User, UserKind
from accounts.models.users import USERNAME_KEY_LENGTH
from accounts.permissions import require_manager, require_no_key
from accounts.services.events import user_event
from accounts.services.forgetting import person_forget
from accounts.services.hashing import password_hashed
from accounts.services.links import links_void
from accounts.services.mails import mail_write
from accounts.services.passwords import password_check, password_errors, password_replace
from accounts.services.revocation import sessions_revoke
from accounts.services.rows import active_user_locked
from accounts.services.step_up import fresh_authentication
from accounts.services.validation import address_errors, invalid_fields
from gateway.engine.sentences import sentence
from gateway.engine.text import folded, is_one_line
from gateway.exceptions import FieldError
from history.models import Role

FIELD_OF_CONSTRAINT = {
    "user_username_unique": "/username",
    "user_username_key_unique": "/username",
    "user_email_key_unique": "/email",
}


@fresh_authentication
@transaction.atomic
def user_create(
    *,
    actor: User | None,
    username: str,
    password: str | None = None,
    email: str = "",
    display_name: str = "",
    kind: str = UserKind.HUMAN,
    role: str = Role.VIEWER,
    check_password: bool = True,
) -> User:
    """A new account; without a password nobody can sign in to it by one.

    ``actor`` is an administrator, or None where the system itself acts (the first start, a
    command). ``check_password=False`` takes the password as it is. Raises
    :class:`ManageUsersDenied`, :class:`UserInvalid` with every field that is wrong, and
    :class:`NameTaken`.
    """
    require_manager(actor)
    user = User(username=composed(username), email=email, display_name=display_name, kind=kind, role=role)
    _check_valid(user, password if check_password else None)
    user.set_password(password)
    _save(user)
    user_event("io.oms.accounts.user.created", user, actor=actor, kind=user.kind, role=user.role)
    return user


@fresh_authentication
@transaction.atomic
def user_update(
    *,
    actor: User | None,
    user: User,
    display_name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    is_active: bool | None = None,
    groups: Iterable[Group] | None = None,
    password_policy: PasswordPolicy | EllipsisType | None = ...,
) -> User:
    """Change an account; what is None stays as it is. Who is disabled loses every session at once.

    ``password_policy`` is the account's own, or None for its role's.

    An address that an administrator has typed is not verified, and links that went to another are void, as are
    those of who is disabled; the former address is told. Raises :class:`ManageUsersDenied`, :class:`UserInvalid`,
    :class:`NameTaken`, :class:`LastAdministrator` and :class:`AccountDeleted`.
    """
    require_manager(actor)
    given = {"display_name": display_name, "email": email, "role": role, "is_active": is_active}
    changed, is_last_administrator = _locked(user)
    if changed.deleted_at is not None:
        raise AccountDeleted
    former = changed.email
    fields = [name for name, value in given.items() if value is not None and value != getattr(changed, name)]
    for name in fields:
        setattr(changed, name, given[name])
    if not isinstance(password_policy, EllipsisType) and password_policy != changed.password_policy:
        changed.password_policy = password_policy
        fields.append("password_policy")
    if "email" in fields:
        changed.email_verified_at = None
    if is_last_administrator and not (changed.is_active and changed.role == Role.ADMINISTRATOR):
        raise LastAdministrator
    _check_valid(changed)
    if "is_active" in fields and not changed.is_active:
        # Before the row gets another key: who holds a session may wait to refer to the row.
        sessions_revoke(user=changed, reason=RevokeReason.DISABLED, actor=actor)
    _save(changed)
    if groups is not None and set(groups) != set(changed.groups.all()):
        changed.groups.set(groups)
        fields.append("groups")
    if fields:
        _follow(actor, changed, fields, former_email=former)
    return changed


@transaction.atomic
def user_profile_update(*, actor: User, display_name: str | None = None, language: str | None = None) -> User:
    """Change what is one's own to change at any time; what is None stays as it is.

    Raises :class:`UserInvalid` and :class:`NotForAPIKeys`.
    """
    require_no_key(actor)
    changed = active_user_locked(actor)
    given = {"display_name": display_name, "language": language}
    fields = [name for name, value in given.items() if value is not None and value != getattr(changed, name)]
    for name in fields:
        setattr(changed, name, given[name])
    _check_valid(changed)
    if fields:
        changed.save(update_fields=fields)
        _record_update(actor, changed, fields)
    return changed


@fresh_authentication
@transaction.atomic
def user_delete(*, actor: User | None, user: User) -> None:
    """Delete an account, one's own or, as an administrator, anybody's: nothing is left of whom it was but its key,
    which events, commits and repositories go on to name. Again, it does nothing.

    Raises :class:`ManageUsersDenied` and :class:`LastAdministrator`.
    """
    if actor is None or actor.pk != user.pk:
        require_manager(actor)
    changed, is_last_administrator = _locked(user)
    if changed.deleted_at is not None:
        return
    if is_last_administrator:
        raise LastAdministrator
    sessions_revoke(user=changed, reason=RevokeReason.DELETED, actor=actor)
    person_forget(changed)
    _save(changed)
    user_event("io.oms.accounts.user.deleted", changed, actor=actor)


def address_set(user: User, email: str) -> None:
    """Give a locked row an address whose owner has shown to read it; links that were sent before are void.

    Raises :class:`UserInvalid` and :class:`NameTaken`.
    """
    user.email, user.email_verified_at = email, timezone.now()
    _check_valid(user)
    _save(user)
    links_void(user)


@fresh_authentication
def password_set(*, actor: User | None, user: User, password: str, check_password: bool = True) -> None:
    """Give an account another password; its sessions end. ``check_password=False`` takes it as it is.

    Raises :class:`ManageUsersDenied`, :class:`PasswordInvalid`, :class:`PasswordReplaced` and
    :class:`HashingBusy`.
    """
    require_manager(actor)
    was = user.password
    if check_password:
        password_check(user, password, field="/password")
    password_replace(user, was=was, encoded=password_hashed(password), actor=actor)


def _check_valid(user: User, password: str | None = None) -> None:
    """Raises :class:`UserInvalid` with every field that breaks a rule."""
    errors: list[FieldError] = []
    if not is_username(user.username):
        message = sentence("A username has letters, digits and the signs . @ + - _ only.")
        errors.append(FieldError("/username", "USERNAME_INVALID", message))
    elif len(folded(user.username)) > USERNAME_KEY_LENGTH:
        errors.append(FieldError("/username", "USERNAME_INVALID", sentence("This name is too long.")))
    if not is_one_line(user.display_name):
        message = sentence("A name has no line breaks and no control characters.")
        errors.append(FieldError("/display_name", "NAME_INVALID", message))
    errors += invalid_fields(user, exclude=("username_key", "email", "email_key", "password"))
    errors += address_errors(user.email) if user.email else []
    if password is not None:
        errors += password_errors(user, password, field="/password")
    if errors:
        raise UserInvalid(errors=errors)


def _save(user: User) -> None:
    """Write the row with its keys; the constraints decide on names, so that parallel writers cannot both win."""
    user.username_key = folded(user.username)
    user.email_key = folded(user.email) or None
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        field = FIELD_OF_CONSTRAINT.get(_constraint_of(error))
        if field is None:
            raise
        message = sentence("Another account has this already.")
        raise NameTaken(errors=[FieldError(field, "TAKEN", message)]) from error


def _constraint_of(error: IntegrityError) -> str:
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def _locked(user: User) -> tuple[User, bool]:
    """The present row of ``user``, and whether it is the only person who is an active administrator.

    The administrators are locked with it, in order of their keys, so that two of them cannot
    depose each other at the same moment.
    """
    administrators = Q(role=Role.ADMINISTRATOR, is_active=True, kind=UserKind.HUMAN)
    rows = User.objects.filter(administrators | Q(pk=user.pk)).order_by("pk").select_for_update(no_key=True)
    by_key = {row.pk: row for row in rows}
    row = by_key.pop(user.pk)
    is_one = row.is_active and row.role == Role.ADMINISTRATOR and row.kind == UserKind.HUMAN
    return row, is_one and not by_key


def _follow(actor: User | None, user: User, fields: list[str], *, former_email: str) -> None:
    """What a change of an account by an administrator entails."""
    if {"email", "is_active"} & set(fields):
        links_void(user)
    if "email" in fields and former_email:
        mail_write(user=user, template="email_changed", to=former_email)
    _record_update(actor, user, fields)


def _record_update(actor: User | None, user: User, fields: list[str]) -> None:
    user_event(
        "io.oms.accounts.user.updated",
        user,
        actor=actor,
        fields=sorted(fields),
        role=user.role,
        is_active=user.is_active,
    )
