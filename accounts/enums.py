"""The roles that somebody can hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a membership lets its user be; the rights themselves stand in each app's rules.py."""

    COUNTY_EDITOR = "COUNTY_EDITOR", _("County editor")
    COUNTY_SIGNATORY = "COUNTY_SIGNATORY", _("County signatory")
    LUP_ADVISER = "LUP_ADVISER", _("LUP adviser")
    LUP_SIGNATORY = "LUP_SIGNATORY", _("LUP signatory")
    CONTRIBUTOR = "CONTRIBUTOR", _("Contributor")
    MUNICIPAL_CONTACT = "MUNICIPAL_CONTACT", _("Municipal contact")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


COUNTY_ROLES = (Role.COUNTY_EDITOR, Role.COUNTY_SIGNATORY)
PROGRAMME_ROLES = (Role.LUP_ADVISER, Role.LUP_SIGNATORY)
# Roles that belong to no single county, municipality or cooperation.
NATIONAL_ROLES = (*PROGRAMME_ROLES, Role.ADMINISTRATOR)


class MailState(models.TextChoices):
    """Where a mail of the queue is."""

    WAITING = "WAITING", _("waiting")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    FAILED = "FAILED", _("failed")
