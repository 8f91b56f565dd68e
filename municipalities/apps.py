"""The municipalities app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MunicipalitiesConfig(AppConfig):
    """Counties, municipalities and their cooperations, as they were on a date."""

    name = "municipalities"
    verbose_name = _("Municipalities")
