"""Forgetting what is over."""

from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.utils import timezone

from accounts.models import AccountLink, KnownDevice, LoginChallenge, Session, WebAuthnCeremony
from accounts.services.mails import mails_purge
from accounts.services.throttling import idle_counters_purge


def expired_purge() -> None:
    """Forget sessions past their absolute expiry with their tokens, sign-ins that came to nothing or were refused,
    idle counters, devices that were not used for long, old links and mails, and the cookie sessions that have expired.
    """
    now = timezone.now()
    Session.objects.filter(expires_at__lte=now).delete()
    LoginChallenge.objects.filter(expires_at__lte=now).delete()
    WebAuthnCeremony.objects.filter(expires_at__lte=now).delete()
    KnownDevice.objects.filter(last_seen_at__lte=now - settings.DEVICE_KEPT).delete()
    AccountLink.objects.filter(expires_at__lte=now - settings.MAIL_KEPT).delete()  # mails refer to them till then
    mails_purge()
    idle_counters_purge()
    for attempts in (AccessAttempt, AccessFailureLog):
        attempts.objects.filter(attempt_time__lte=now - settings.LOGIN_COUNTERS_KEPT).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
