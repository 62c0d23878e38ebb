"""The ways to show who one is, by their names in tokens, rows and answers."""

from enum import StrEnum


class Method(StrEnum):
    """What somebody is asked for."""

    PASSWORD = "password"  # noqa: S105  a name
    TOTP = "totp"
    WEBAUTHN = "webauthn"
    RECOVERY_CODE = "recovery_code"


class Shown(StrEnum):
    """What somebody has shown: the values of ``amr``, from RFC 8176 where that has a name for it."""

    PASSWORD = "pwd"  # noqa: S105  a name
    CODE = "otp"
    PASSKEY = "hwk"
    SEVERAL = "mfa"
    RECOVERY_CODE = "recovery"
    FEDERATED = "fed"
    """A provider's word."""
    TRUSTED_DEVICE = "trusted_device"
    """In place of a second factor, on a device on which one was shown before."""
