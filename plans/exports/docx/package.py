"""The ZIP that a Word file is: the same bytes for the same content."""

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that ZIP knows


def settled(content: bytes) -> bytes:
    """Return a ZIP with the same files in the same order, without the time of its making."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result,
    ):
        for entry in source.infolist():
            made = zipfile.ZipInfo(entry.filename, _EPOCH)
            made.compress_type = zipfile.ZIP_DEFLATED
            made.external_attr = 0o600 << 16
            result.writestr(made, source.read(entry))
    return target.getvalue()
