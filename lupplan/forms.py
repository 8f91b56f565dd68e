"""What Lupplan's forms share on top of django-crispy-forms: a helper and a few layout objects.

Imports Django and crispy-forms only, so that every app may use it. The looks are in
``templates/designsystemet``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Field, Fieldset, Layout
from crispy_forms.utils import TEMPLATE_PACK, flatatt
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise


class SubmitButton:
    """A submit button whose words and value are two things; without ``name`` it sends nothing."""

    template = "%s/layout/baseinput.html"
    input_type = "submit"

    def __init__(
        self,
        label: Text,
        *,
        name: str = "",
        value: str = "",
        variant: str = "primary",
        color: str = "",
        **attrs: str,
    ) -> None:
        """``variant`` and ``color`` are Designsystemet's; more attributes as keywords."""
        self.label = label
        self.name = name
        self.value = value
        if variant != "primary":
            attrs["data-variant"] = variant
        if color:
            attrs["data-color"] = color
        self.flat_attrs = flatatt(attrs)

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: str = TEMPLATE_PACK,
        **kwargs: object,
    ) -> SafeString:
        """Draw the button; crispy calls it for an object in a layout."""
        return render_to_string(self.template % template_pack, {"input": self})


@dataclass(frozen=True)
class LinkButton:
    """A link that looks like a button, mostly the way out: cancel."""

    label: Text
    url: str
    variant: str = "tertiary"

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: str = TEMPLATE_PACK,
        **kwargs: object,
    ) -> SafeString:
        """Draw the link; crispy calls it for an object in a layout."""
        return render_to_string(f"{template_pack}/layout/link_button.html", {"link": self})


class Actions(ButtonHolder):
    """The row of buttons that ends a form."""


class Group(Fieldset):
    """Fields under a legend, with a sentence that explains them."""

    def __init__(
        self, legend: Text, *fields: object, description: Text = "", css_class: str = ""
    ) -> None:
        super().__init__(legend, *fields, css_class=css_class)
        self.description = description


class Affix(Field):
    """A field with its unit beside it ("kr"). Name the unit in the label too: this isn't read."""

    def __init__(self, field: str, *, before: Text = "", after: Text = "", **attrs: str) -> None:
        super().__init__(field, **attrs)
        self.before = before
        self.after = after

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: str = TEMPLATE_PACK,
        extra_context: dict[str, object] | None = None,
        **kwargs: object,
    ) -> SafeString:
        """Draw the field with its affixes in the context."""
        affixes = {"affix_before": self.before, "affix_after": self.after}
        html: SafeString = super().render(
            form,
            context,
            template_pack,
            extra_context={**(extra_context or {}), **affixes},
            **kwargs,
        )
        return html


@dataclass(frozen=True)
class ChooserGroup:
    """Choices that one button ticks together.

    ``key`` is what the button sends as ``choose`` without JavaScript; ``members`` are the values
    of the checkboxes (primary keys or numbers, as the field has them).
    """

    key: str
    label: Text
    members: Sequence[str]

    @property
    def joined(self) -> str:
        """The members as the attribute data-members wants them."""
        return ",".join(self.members)


class Chooser(Field):
    """A multiple choice over many: search, all, none, and whole groups at once.

    The field's widget must be CheckboxSelectMultiple.
    """

    template = "%s/chooser.html"

    def __init__(self, field: str, *, groups: Sequence[ChooserGroup] = ()) -> None:
        super().__init__(field)
        self.groups = groups

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: str = TEMPLATE_PACK,
        extra_context: dict[str, object] | None = None,
        **kwargs: object,
    ) -> SafeString:
        """Draw the field with its groups in the context."""
        html: SafeString = super().render(
            form,
            context,
            template_pack,
            extra_context={**(extra_context or {}), "chooser_groups": self.groups},
            **kwargs,
        )
        return html


class Helper(FormHelper):
    """A form as Lupplan has them: POST, CSRF token, error summary, novalidate.

    Without a layout all fields are drawn in their order.
    """

    # crispy's own is a property that first tries the address as the name of a view.
    form_action = ""

    def __init__(
        self,
        *layout: object,
        submit: Text = "",
        action: str = "",
        method: str = "post",
        css_class: str = "lp-form",
        unsaved: bool = False,
        mark_optional: bool = True,
        htmx: Mapping[str, str] | None = None,
    ) -> None:
        """Take the layout and how the form is sent.

        ``submit``: the words of a lone button after the fields. ``unsaved``: warn before leaving
        with typed text. ``mark_optional``: write "(optional)" behind such labels. ``htmx``:
        attributes without their prefix, as in ``{"post": url, "target": "#measure-5"}``.
        """
        super().__init__()
        self.form_method = method
        self.form_class = css_class
        self.mark_optional = mark_optional
        if layout:
            self.layout = Layout(*layout)
        self.form_action = action
        if unsaved:
            self.attrs["data-unsaved"] = True
        for name, value in (htmx or {}).items():
            self.attrs[f"hx-{name}"] = value
        if submit:
            self.add_input(SubmitButton(submit))
