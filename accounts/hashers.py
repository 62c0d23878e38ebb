"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id by RFC 9106's second recommendation, on one lane: 64 MiB, three passes.

    Lanes would make one sign-in faster and many no faster, since each takes a core. A hash of other
    costs is made anew when its user signs in.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 1
