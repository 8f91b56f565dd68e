"""The document as canonical JSON, and back; and its fingerprint."""

import hashlib

import msgspec

from plans.document.model import SCHEMA, PlanDocument


class UnreadableDocument(ValueError):
    """The JSON is not a plan document that this version of Lupplan can read."""


def to_json(document: PlanDocument) -> bytes:
    """Return the document as canonical JSON: UTF-8, keys sorted, no white space.

    The same document gives the same bytes, whatever process, time zone or hash seed. ``amendment``
    is left out where there is none: a document that was frozen before there were amendments keeps
    its fingerprint.
    """
    if document.amendment is not None:
        return msgspec.json.encode(document, order="sorted")
    values = msgspec.to_builtins(document)
    values.pop("amendment", None)
    return msgspec.json.encode(values, order="sorted")


def from_json(data: bytes) -> PlanDocument:
    """Return the document that ``to_json`` wrote. Raises ``UnreadableDocument`` for all else."""
    try:
        document = msgspec.json.decode(data, type=PlanDocument)
    except msgspec.MsgspecError as error:
        raise UnreadableDocument(str(error)) from error
    if document.schema != SCHEMA:
        raise UnreadableDocument(f"The document says {document.schema}, not {SCHEMA}.")
    return document


def fingerprint(document: PlanDocument) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal: the document's identity."""
    return hashlib.sha256(to_json(document)).hexdigest()
