from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Have the policies provided wherever the tables are."""
        from accounts.receivers import policies_provide  # noqa: PLC0415  (models, which are not loaded before)

        post_migrate.connect(policies_provide, sender=self)
