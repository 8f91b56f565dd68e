"""The credits and the gaps that the public data page shows."""

from django.utils import translation

from municipalities.credits import CREDITS, GAPS


def test_every_licence_is_credited():
    with translation.override("en"):
        named = [(str(credit.name), credit.licence) for credit in CREDITS if credit.licence]
    assert named == [
        ("Statistics Norway", "CC BY 4.0 / NLOD 2.0"),
        ("Kartverket, the Norwegian Mapping Authority", "CC BY 4.0"),
        ("GeoNames", "CC BY 4.0"),
    ]
    assert all(str(credit.what) for credit in CREDITS)


def test_what_was_not_found_is_said():
    said = " ".join(str(gap) for gap in GAPS)
    assert [
        name for name in ("ROR-Innkjøp", "ISS", "SSIS", "ALV", "Haram") if name not in said
    ] == []
