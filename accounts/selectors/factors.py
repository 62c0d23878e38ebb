"""How somebody can show who they are."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.engine.methods import Method
from accounts.models import Passkey, RecoveryCode, RoleSettings, TOTPFactor, User
from accounts.permissions import require_no_key


@dataclass(frozen=True)
class Factors:
    """One's second factors: how one can show one, and whether one's role asks for one."""

    methods: tuple[Method, ...]
    recovery_codes_left: int
    required: bool


def factors_of(viewer: User) -> Factors:
    """The second factors of ``viewer``. Raises :class:`NotForAPIKeys`: a key does not learn how its user signs in."""
    require_no_key(viewer)
    return Factors(tuple(factor_methods(viewer)), recovery_codes_left(viewer), factor_is_required(viewer))


def passkeys_of(viewer: User) -> QuerySet[Passkey]:
    """The passkeys of ``viewer``, the oldest first. Raises :class:`NotForAPIKeys`."""
    require_no_key(viewer)
    return Passkey.objects.filter(user=viewer)


def factor_methods(user: User) -> list[Method]:
    """How ``user`` can show a second factor; recovery codes alone are none."""
    methods: list[Method] = []
    if TOTPFactor.objects.confirmed(user).exists():
        methods.append(Method.TOTP)
    if Passkey.objects.filter(user=user).exists():
        methods.append(Method.WEBAUTHN)
    if methods and recovery_codes_left(user):
        methods.append(Method.RECOVERY_CODE)
    return methods


def factor_is_required(user: User) -> bool:
    """Whether the user's role asks for a second factor."""
    return RoleSettings.objects.filter(role=user.role, factor_required=True).exists()


def recovery_codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def confirmation_methods(user: User) -> list[Method]:
    """How ``user`` can confirm who they are: by a factor where there is one, else by a password, if any."""
    return factor_methods(user) or ([Method.PASSWORD] if user.has_usable_password() else [])
