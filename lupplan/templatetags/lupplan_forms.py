"""Template tags of the crispy-forms pack ``templates/designsystemet``."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),  # before RadioSelect, whose subclass it is
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
)


@register.filter
def widget_kind(field: BoundField) -> str:
    """Tell how a field is drawn: one of the kinds of ``_KINDS``, or "control" for one input."""
    widget = field.field.widget
    return next((kind for type_, kind in _KINDS if isinstance(widget, type_)), "control")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the field's own widget with Designsystemet's class.

    Django adds ``id``, ``required``, ``aria-invalid`` and ``aria-describedby``. A textarea
    loses ``cols``: its width is the layout's matter.
    """
    widget = field.field.widget
    own_class = widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {"class": f"ds-input {own_class}".strip()}
    if isinstance(widget, forms.Textarea):
        attrs["cols"] = False
    return field.as_widget(attrs=attrs)


@register.filter
def described_by(field: BoundField) -> str:
    """Give the ids of help text and errors for a fieldset; Django does it for one input only."""
    if not field.auto_id:
        return ""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


@register.filter
def focus_id(field: BoundField) -> str:
    """Give the id of the first thing in the field that can take focus, or "" if there is none.

    A group of radio buttons or checkboxes has no input with the field's own id; its first one
    is ``id_x_0``. A group without choices has its fieldset.
    """
    if field.is_hidden:
        return ""
    if widget_kind(field) in {"radios", "checkboxes"}:
        first = next(iter(field.subwidgets), None)
        return str(first.id_for_label) if first else str(field.auto_id)
    return str(field.id_for_label)


@register.filter
def faulty_fields(form: forms.BaseForm) -> list[BoundField]:
    """Give the fields that have errors, in the order of the form."""
    return [form[name] for name in form.fields if name in form.errors]
