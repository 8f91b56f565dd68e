"""Pictures of a plan: SVG from templates, the same on the page and in the PDF.

Geometry is computed here, in the units of the picture's ``viewBox`` (pixels at its natural size);
the templates only write it down. Colours are attributes that suit print; on screen the classes
(static/css/reading.css) override them.
"""

from plans.drawings.timeline import timeline
from plans.drawings.year_wheel import year_wheel

__all__ = ["timeline", "year_wheel"]
