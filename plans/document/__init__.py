"""The plan as a document: built from rows or read from JSON, and asked what concerns whom."""

from plans.document.amendment import amended, amendment_of
from plans.document.build import ReadPlan, read_plan
from plans.document.canonical import UnreadableDocument, fingerprint, from_json, to_json
from plans.document.concern import Reason, concerned, extract, measures_concerning, reasons, share
from plans.document.model import (
    AmendedField,
    AmendedItem,
    Amendment,
    ContributionRef,
    Cooperation,
    FocusArea,
    Measure,
    Municipality,
    Part,
    PlanDocument,
    PlanProgress,
    Text,
)
from plans.document.published import Facts, Published, facts_of_signed, read_published

__all__ = [
    "AmendedField",
    "AmendedItem",
    "Amendment",
    "ContributionRef",
    "Cooperation",
    "Facts",
    "FocusArea",
    "Measure",
    "Municipality",
    "Part",
    "PlanDocument",
    "PlanProgress",
    "Published",
    "ReadPlan",
    "Reason",
    "Text",
    "UnreadableDocument",
    "amended",
    "amendment_of",
    "concerned",
    "extract",
    "facts_of_signed",
    "fingerprint",
    "from_json",
    "measures_concerning",
    "read_plan",
    "read_published",
    "reasons",
    "share",
    "to_json",
]
