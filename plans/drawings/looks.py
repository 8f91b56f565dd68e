"""How each part looks where no style sheet reaches: the attributes of its shapes in print.

Part one is filled and angular, part two outlined and round, so that they differ without colour too.
The colours are those of ``--lp-one`` and ``--lp-two`` in static/css/tokens.css.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Look:
    """Attributes, ready to be written, of a part's chip, of the number in it and of its track."""

    chip: SafeString
    number: SafeString
    track: SafeString


LOOKS = {
    1: Look(
        chip=SafeString('rx="3" fill="#0b5c73" stroke="#0b5c73"'),
        number=SafeString('fill="#fff"'),
        track=SafeString("#bfdae1"),
    ),
    2: Look(
        chip=SafeString('rx="9" fill="#fff" stroke="#8a2c5a" stroke-width="1.5"'),
        number=SafeString('fill="#8a2c5a"'),
        track=SafeString("#ecc9da"),
    ),
}
