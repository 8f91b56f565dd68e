"""Where objects are used: what is found quickly is what pyHanko finds slowly."""

import io

from pyhanko.pdf_utils.reader import PdfFileReader

from plans.signing.usages import usages
from tests.factories.signed import SignedFiles


def test_every_object_is_used_where_pyhanko_says(files: SignedFiles) -> None:
    reader = PdfFileReader(io.BytesIO(files.sealed))
    newest = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    newest._load_reverse_xref_cache()
    theirs = {
        (place.idnum, place.generation): {way.path for way in ways}
        for place, ways in (newest._indirect_object_access_cache or {}).items()
    }
    assert len(theirs) > 500
    # Each fourth of them: some have hundreds of ways.
    some = sorted(theirs)[::4]
    assert usages(files.sealed, some) == {place: theirs[place] for place in some}
