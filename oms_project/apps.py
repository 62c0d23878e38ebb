from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from oms_project.environment import ConfigurationError


class ProjectConfig(AppConfig):
    """Composes the apps: URLs, the GraphQL root, the console and the process commands."""

    name = "oms_project"
    verbose_name = _("OMS")

    def ready(self) -> None:
        """Refuse to start with a merge strategy that is not there; what merges meets it much later."""
        from merging.selectors import StrategyMisconfigured, registered_strategies  # noqa: PLC0415  (needs the apps)

        try:
            registered_strategies()
        except StrategyMisconfigured as error:
            raise ConfigurationError(f"OMS_MERGING_STRATEGIES: {error}") from error


class ConsoleConfig(AdminConfig):
    """Django's admin with the console's own site."""

    default_site = "oms_project.admin.ConsoleSite"
