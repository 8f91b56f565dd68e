"""What a later revision of a sealed PDF may change: pyHanko's rules, made tighter.

pyHanko lets any update of the title, the author or the other metadata pass. Signing tools write
there when a file was changed and by which program; that may change, and nothing else.
"""

import io
from collections.abc import Iterable

from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.metadata.xmp_xml import parse_xmp
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, StandardDiffPolicy, SuspiciousModification
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.rules.file_structure_rules import (
    CatalogModificationRule,
    ObjectStreamRule,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    DSSCompareRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.diff_analysis.rules.metadata_rules import DocInfoRule, MetadataUpdateRule
from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate

_OF_TOOLS = frozenset({"/ModDate", "/Producer"})
_OF_TOOLS_XMP = frozenset({"ModifyDate", "MetadataDate", "Producer"})
CATALOG = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})


class MetadataChanged(SuspiciousModification):
    """The title, the author or another statement about the document is not as it was sealed."""


class _Info(DocInfoRule):
    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        if _info(old) != _info(new):
            raise MetadataChanged("/Info")
        return super().apply(old, new)


class _Xmp(MetadataUpdateRule):
    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        if _xmp(old) != _xmp(new):
            raise MetadataChanged("/Metadata")
        return super().apply(old, new)


def _info(revision: HistoricalResolver) -> dict[str, object]:
    place = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    # The trailer's references lead to the newest revision, whichever it is of.
    info = revision(place) if place is not None else DictionaryObject()
    return {key: info[key] for key in info if key not in _OF_TOOLS}


def _xmp(revision: HistoricalResolver) -> list[dict[object, object]]:
    place = revision.root.get_value_as_reference("/Metadata", optional=True)
    stream = place.get_object() if place is not None else None
    if not isinstance(stream, StreamObject):
        return []
    found = parse_xmp(io.BytesIO(stream.read_data(DecodePurpose.XMP_METADATA)))
    return [
        {name: value for name, value in structure if name.local_name not in _OF_TOOLS_XMP}
        for structure in found
    ]


def _policy(*, orphans: bool) -> StandardDiffPolicy:
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(ignored_keys=CATALOG),
            _Info().as_qualified(ModificationLevel.LTA_UPDATES),
            _Xmp().as_qualified(ModificationLevel.LTA_UPDATES),
            XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
            DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ],
        form_rule=FormUpdatingRule(
            field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]
        ),
        ignore_orphaned_objects=orphans,
    )


# A signing tool may leave an object that nothing uses: the signature covers it. Nothing covers what
# a revision without a signature brings.
SIGNED = _policy(orphans=True)
UNSIGNED = _policy(orphans=False)
