"""Whom the reference data comes from, and what it doesn't say: for the public data page."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CC_BY_4 = "CC BY 4.0"
NLOD_2 = "NLOD 2.0"


class Credit(NamedTuple):
    """Somebody whose data we use. ``licence`` is empty where we took facts, not a data set."""

    name: str | Promise
    url: str
    licence: str
    what: str | Promise


CREDITS: tuple[Credit, ...] = (
    Credit(
        _("Statistics Norway"),
        "https://www.ssb.no/",
        f"{CC_BY_4} / {NLOD_2}",
        _(
            "Counties and municipalities with their numbers, names, periods and successors "
            "(Classification 131 and the KOSTRA code lists), and population (table 07459)."
        ),
    ),
    Credit(
        _("Kartverket, the Norwegian Mapping Authority"),
        "https://www.kartverket.no/",
        CC_BY_4,
        _("The centre of two municipalities, and a check of all the others."),
    ),
    Credit(
        "GeoNames",
        "https://www.geonames.org/",
        CC_BY_4,
        _("The position of the administrative centres."),
    ),
    Credit(
        "Wikipedia",
        "https://no.wikipedia.org/",
        "",
        _("The language forms of 2015, and the position of one administrative centre."),
    ),
    Credit(
        "nii.as",
        "https://www.nii.as/",
        "",
        _("Who is a member of Nordmøre Interkommunale Innkjøpssamarbeid (NII)."),
    ),
    Credit(
        _("The municipalities' own pages"),
        "",
        "",
        _(
            "Who was a member of Innkjøpssamarbeidet på Sunnmøre (ISS) until 2019, and who hosts "
            "ROR-Innkjøp."
        ),
    ),
)

GAPS: tuple[str | Promise, ...] = (
    _("The members of ROR-Innkjøp other than its host Molde are not confirmed."),
    _(
        "The members of Innkjøpssamarbeidet på Sunnmøre (ISS) in 2020–2023 are derived from the "
        "list of 2019 through the mergers; from 2024 none is confirmed."
    ),
    _(
        "A procurement cooperation called SSIS (Søre Sunnmøre) was not found in any source, and is "
        "left out."
    ),
    _("Who takes part in Arena for læring om velferdsteknologi (ALV) is not confirmed."),
    _("The organisation number and the language form of 1580 Haram are not confirmed."),
    _(
        "Organisation numbers and language forms are known for Møre og Romsdal only. For "
        "municipalities that ended in 2019 the language form is the one that was listed in 2015."
    ),
    _("Starts of municipalities before 2018 are known to the year only."),
    _(
        "1853 Evenes got its parallel name between 2020 and 2022; the date is not established, and "
        "1 January 2022 is the latest it can be."
    ),
)
