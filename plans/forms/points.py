"""The form that asks for two points in the life of a plan."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Helper, SubmitButton


class PointsForm(forms.Form):
    """From which point to which; its fields are the parameters of the address."""

    fra = forms.ChoiceField(label=_("From the point"))
    til = forms.ChoiceField(label=_("To the point"))

    def __init__(self, *, named: Sequence[tuple[str, str]], earlier: str, later: str) -> None:
        """``named`` are the points as (value, words); ``earlier`` and ``later`` are chosen."""
        super().__init__(initial={"fra": earlier, "til": later})
        for name in ("fra", "til"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = named
        self.helper = Helper(
            "fra",
            "til",
            SubmitButton(_("Compare")),
            method="get",
            mark_optional=False,
            css_class="lp-filter",
        )


class HistoryFilterForm(forms.Form):
    """Whose events, and about what; its fields are the parameters of the address."""

    kven = forms.ChoiceField(label=_("Who"), required=False)
    kva = forms.ChoiceField(label=_("About what"), required=False)

    def __init__(
        self,
        *,
        people: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, object]],
        who: str,
        what: str,
    ) -> None:
        """``people`` and ``kinds`` are what can be chosen; without ``kinds`` that isn't asked."""
        super().__init__(initial={"kven": who, "kva": what})
        for name, choices in (("kven", people), ("kva", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]
        if not kinds:
            del self.fields["kva"]
        self.helper = Helper(
            "kven",
            *(["kva"] if kinds else []),
            SubmitButton(_("Show"), variant="secondary"),
            method="get",
            mark_optional=False,
            css_class="lp-filter",
        )
