"""What passwords must be like, and changing them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.db import transaction
from django.utils import timezone

from accounts.engine.passwords import Broken, Policy, Rule, broken_rules, guessable
from accounts.exceptions import (
    ChallengeInvalid,
    CredentialsWrong,
    HashingBusy,
    PasswordInvalid,
    PasswordReplaced,
    TooManyAttempts,
)
from accounts.models import FormerPassword, LoginChallenge, PasswordPolicy, RevokeReason, RoleSettings, Session, User
from accounts.permissions import require_session
from accounts.selectors.factors import factor_is_required, factor_methods
from accounts.services.blocklist import known_passwords
from accounts.services.devices import devices_forget
from accounts.services.events import user_event
from accounts.services.hashing import password_hashed, password_matches, password_was
from accounts.services.mails import mail_write
from accounts.services.revocation import sessions_revoke
from accounts.services.step_up import fresh_authentication
from accounts.services.throttling import attempt_begin, attempt_succeeded, attempt_withdrawn, counted_sign_in
from gateway.engine.sentences import Sentence, counted, sentence
from gateway.exceptions import FieldError

PRODUCT = "oms"
NEW_PASSWORD = "/new_password"  # noqa: S105  a pointer


def policy_of(user: User) -> PasswordPolicy:
    """The rules of the account's password: its own, else its role's, else the default ones."""
    if user.password_policy is not None:
        return user.password_policy
    of_role = RoleSettings.objects.filter(role=user.role, password_policy__isnull=False)
    settings_of_role = of_role.select_related("password_policy").first()
    if settings_of_role is not None and settings_of_role.password_policy is not None:
        return settings_of_role.password_policy
    return PasswordPolicy.objects.filter(is_default=True).first() or PasswordPolicy()


def password_errors(user: User, password: str, *, field: str) -> list[FieldError]:
    """Every rule that ``password`` breaks by itself, at ``field``."""
    broken = broken_rules(
        password,
        _rules(policy_of(user)),
        known=known_passwords(),
        context=frozenset(_context(user)),
        has_factor=bool(factor_methods(user)),
    )
    return [FieldError(field, each.rule, _message(each)) for each in broken]


def password_check(
    user: User, password: str, *, old: str = "", field: str = NEW_PASSWORD, with_minimum_age: bool = False
) -> None:
    """Raises :class:`PasswordInvalid` with every rule that it breaks, and :class:`HashingBusy`.

    ``old`` is the present password, where it is known to be that. Earlier ones are hashed to be
    compared, so this should not run in a transaction.
    """
    policy = policy_of(user)
    broken = []
    if with_minimum_age and timezone.now() - _password_since(user) < timedelta(hours=policy.min_age_hours):
        broken.append(Broken(Rule.TOO_RECENT, policy.min_age_hours))
    errors = [FieldError(field, each.rule, _message(each)) for each in broken]
    errors += password_errors(user, password, field=field)
    if not errors and _was_had(user, password, old, policy.history):
        errors.append(FieldError(field, Rule.REUSED, _message(Broken(Rule.REUSED))))
    if errors:
        raise PasswordInvalid(errors=errors)


@fresh_authentication
def password_change(*, actor: User, current_password: str, new_password: str) -> None:
    """Set another password of one's own; one's other sessions end.

    Raises :class:`CredentialsWrong`, :class:`TooManyAttempts`, :class:`PasswordInvalid`,
    :class:`PasswordReplaced` where another change came first, :class:`HashingBusy` and
    :class:`NotForAPIKeys`. Guesses at the present one are counted, so this must not run in a transaction.
    """
    session = require_session(actor)
    password_confirm(session, current_password, field="/current_password")
    was = session.user.password
    password_check(session.user, new_password, old=current_password, with_minimum_age=True)
    encoded = password_hashed(new_password)
    password_replace(session.user, was=was, encoded=encoded, actor=actor, kept=session)


def password_confirm(session: Session, password: str, *, field: str) -> None:
    """Show the password in a session, as ``field``. Raises :class:`TooManyAttempts`, :class:`CredentialsWrong` and
    :class:`HashingBusy`; must not run in a transaction, since guesses are counted.
    """
    attempt = attempt_begin(counted_sign_in(session.user.username, session.device, session.ip))
    if not attempt.is_allowed:
        raise TooManyAttempts
    try:
        is_right = password_matches(session.user, password)
    except HashingBusy:
        attempt_withdrawn(attempt)
        raise
    if not is_right:
        message = sentence("The password is wrong.")
        raise CredentialsWrong(message, errors=[FieldError(field, "WRONG", message)])
    attempt_succeeded(attempt)


@transaction.atomic
def password_replace(
    user: User,
    *,
    was: str,
    encoded: str,
    actor: User | None,
    kept: Session | LoginChallenge | None = None,
) -> None:
    """Put the hash ``encoded`` in the place of ``was``, which it was decided upon.

    Sessions and known devices end, but for those of what is ``kept``: the session, or the sign-in, that makes the
    change. The user's row is the lock at which parallel changes and sign-ins meet. Raises :class:`PasswordReplaced`
    where the row holds another hash by now, and :class:`ChallengeInvalid` where a factor was changed since the
    sign-in began.
    """
    row = User.objects.locked(user.pk)
    if isinstance(kept, LoginChallenge) and row.has_changed_since(kept.created_at):
        raise ChallengeInvalid
    if row.password != was:
        raise PasswordReplaced
    now = timezone.now()
    _remember(row, now)
    for each in (row, user):
        each.password, each.password_changed_at = encoded, now
    row.save(update_fields=["password", "password_changed_at"])
    session = kept if isinstance(kept, Session) else None
    sessions_revoke(user=row, reason=RevokeReason.PASSWORD, actor=actor, kept=session)
    devices_forget(row, kept.device_id if kept is not None else None)
    user_event("io.oms.accounts.password.changed", row, actor=actor)
    mail_write(user=row, template="password_changed")


def password_unfit(*, user: User, password: str) -> str:
    """The rule that a right password no longer meets at a sign-in, empty where it is fit.

    It has expired, or can be guessed by what is known today, or was short enough beside a second factor that is
    there no more; other shapes that a policy asks for are those of the next password.
    """
    policy = policy_of(user)
    expires_at = _expires_at(user, policy)
    if expires_at is not None and expires_at <= timezone.now():
        return Rule.EXPIRED
    has_lost_factors = user.factors_changed_at is not None and not (factor_methods(user) or factor_is_required(user))
    if has_lost_factors and len(password) < policy.min_length:
        return Rule.TOO_SHORT
    if not policy.blocklist:
        return ""
    reasons = guessable(password, known=known_passwords(), context=frozenset(_context(user)))
    return reasons[0] if reasons else ""


def password_expires_at(user: User) -> datetime | None:
    """When another password is asked for; None where the policy has no such time or there is no password."""
    return _expires_at(user, policy_of(user)) if user.has_usable_password() else None


def password_warning(user: User) -> int | None:
    """The days that the password still serves, within the policy's days of warning; else None."""
    if not user.has_usable_password():
        return None
    policy = policy_of(user)
    expires_at = _expires_at(user, policy)
    if expires_at is None:
        return None
    days = max((expires_at - timezone.now()).days, 0)
    return days if days < policy.warning_days else None


def _expires_at(user: User, policy: PasswordPolicy) -> datetime | None:
    return None if policy.max_age_days is None else _password_since(user) + timedelta(days=policy.max_age_days)


def _password_since(user: User) -> datetime:
    return user.password_changed_at or user.created_at


def _rules(policy: PasswordPolicy) -> Policy:
    return Policy(
        min_length=policy.min_length,
        min_length_with_factor=policy.min_length_with_factor,
        min_lowercase=policy.min_lowercase,
        min_uppercase=policy.min_uppercase,
        min_digits=policy.min_digits,
        min_symbols=policy.min_symbols,
        blocklist=policy.blocklist,
    )


def _context(user: User) -> Iterator[str]:
    """Words that somebody who guesses at this account would try first."""
    yield from (PRODUCT, *settings.PASSWORD_WORDS)
    for text in (user.username, user.email, user.email.partition("@")[0], user.display_name, settings.INSTANCE):
        yield from (text, *re.split(r"[\W_]+", text))


def _was_had(user: User, password: str, old: str, history: int) -> bool:
    if old:
        if password == old:
            return True
    elif user.has_usable_password() and password_was(password, user.password):
        return True
    former = FormerPassword.objects.filter(user=user).values_list("encoded", flat=True)[:history]
    return any(password_was(password, encoded) for encoded in former)


def _remember(user: User, at: datetime) -> None:
    """Keep the hash that is about to go, and as many as the policy looks at."""
    history = policy_of(user).history
    if history and is_password_usable(user.password):
        FormerPassword.objects.create(user=user, encoded=user.password, replaced_at=at)
    former = FormerPassword.objects.filter(user=user)
    former.exclude(pk__in=list(former.values_list("pk", flat=True)[:history])).delete()


def _message(broken: Broken) -> Sentence:
    """What a person is told of a rule."""
    count = broken.needed
    match broken.rule:
        case Rule.TOO_SHORT:
            return counted(
                "Passwords have at least {count} character.", "Passwords have at least {count} characters.", count=count
            )
        case Rule.TOO_LONG:
            return counted(
                "Passwords have at most {count} character.", "Passwords have at most {count} characters.", count=count
            )
        case Rule.TOO_RECENT:
            return counted(
                "The password can be changed again {count} hour after it was set.",
                "The password can be changed again {count} hours after it was set.",
                count=count,
            )
    return _message_of_class(broken.rule, count) or _message_of_meaning(broken.rule)


def _message_of_class(rule: Rule, count: int) -> Sentence | None:
    match rule:
        case Rule.LOWERCASE:
            return counted("It needs {count} small letter.", "It needs {count} small letters.", count=count)
        case Rule.UPPERCASE:
            return counted("It needs {count} capital letter.", "It needs {count} capital letters.", count=count)
        case Rule.DIGITS:
            return counted("It needs {count} digit.", "It needs {count} digits.", count=count)
        case Rule.SYMBOLS:
            return counted(
                "It needs {count} sign that is no letter and no digit.",
                "It needs {count} signs that are no letters and no digits.",
                count=count,
            )
    return None


def _message_of_meaning(rule: Rule) -> Sentence:
    match rule:
        case Rule.KNOWN:
            return sentence("This password is in lists of passwords that have become known.")
        case Rule.TOO_PREDICTABLE:
            return sentence("This password is put together of what is tried first: common words, rows of keys, years.")
        case Rule.TOO_SIMILAR:
            return sentence("This password is too similar to the account's name, its address or this service's name.")
    return sentence("This account has or had this password.")
