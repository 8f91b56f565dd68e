"""The fixed vocabularies of a plan: its states, its parts, the kinds of its measures."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    """Where a plan is in its life (the table in docs/modell.md)."""

    DRAFT = "DRAFT", _("Draft")
    CONSULTATION = "CONSULTATION", _("Consultation")
    NEGOTIATION = "NEGOTIATION", _("Negotiation")
    FOR_SIGNATURE = "FOR_SIGNATURE", _("For signature")
    ACTIVE = "ACTIVE", _("In force")
    AMENDING = "AMENDING", _("Under amendment")
    CLOSED = "CLOSED", _("Closed")


# The commitments may be written in these states, and in no other; in the last on a working copy.
EDITABLE_STATES = (
    PlanState.DRAFT,
    PlanState.CONSULTATION,
    PlanState.NEGOTIATION,
    PlanState.AMENDING,
)
# The plan is drawn up, and has never been signed: input to it is answered.
UNSIGNED_STATES = (PlanState.DRAFT, PlanState.CONSULTATION, PlanState.NEGOTIATION)
# The county and LUP negotiate about each commitment.
NEGOTIATING_STATES = (PlanState.NEGOTIATION, PlanState.AMENDING)
# Both parties have signed: everybody may read the plan.
SIGNED_STATES = (PlanState.ACTIVE, PlanState.AMENDING, PlanState.CLOSED)
# How the measures go may be noted in these states: it is no part of what is signed.
PROGRESS_STATES = (*EDITABLE_STATES, PlanState.ACTIVE)
# What a plan can be carried into the next year from. Before negotiation its measures are still
# being gathered: there is nothing yet to decide about.
ROLL_OVER_STATES = (PlanState.NEGOTIATION, PlanState.FOR_SIGNATURE, *SIGNED_STATES)


class PartKind(models.TextChoices):
    """The two parts that every plan has."""

    COUNTY = "COUNTY", _("For the county")
    MUNICIPALITIES = "MUNICIPALITIES", _("For the municipalities")

    @property
    def number(self) -> int:
        """1 for the county's part, 2 for the municipalities'."""
        return 1 if self is PartKind.COUNTY else 2


class TextKind(models.TextChoices):
    """The texts that a plan opens with, in the order in which they are read."""

    BACKGROUND = "BACKGROUND", _("Background")
    PURPOSE = "PURPOSE", _("What the partnership is for")
    LUP_DONE = "LUP_DONE", _("What LUP has done so far")
    AIM_GOALS = "AIM_GOALS", _("Reach the county's own goals")
    AIM_BUSINESS = "AIM_BUSINESS", _("Develop business and industry actively")
    AIM_SOCIETY = "AIM_SOCIETY", _("Solve challenges of society")


# What being a partner means; every plan shows these three.
AIMS = (TextKind.AIM_GOALS, TextKind.AIM_BUSINESS, TextKind.AIM_SOCIETY)


class TextLanguage(models.TextChoices):
    """The language that a text is written in; each name stands in that language."""

    NYNORSK = "nn", "Nynorsk"
    BOKMAL = "nb", "Bokmål"
    ENGLISH = "en", "English"


class MeasureKind(models.TextChoices):
    """How LUP helps."""

    COURSE = "COURSE", _("Course and competence")
    BUYER_COMPETENCE = "BUYER_COMPETENCE", _("Buyer competence")
    NEEDS_MAPPING = "NEEDS_MAPPING", _("Mapping of needs")
    MARKET_DIALOGUE = "MARKET_DIALOGUE", _("Dialogue with the market")
    PROCESS_GUIDANCE = "PROCESS_GUIDANCE", _("Guidance in a procurement")
    STRATEGIC_ANCHORING = "STRATEGIC_ANCHORING", _("Strategic anchoring")
    NETWORK = "NETWORK", _("Network")
    SPREADING = "SPREADING", _("Spreading of solutions")
    FUNDING = "FUNDING", _("Link to funding")


class TargetGroup(models.TextChoices):
    """Whom a measure is for."""

    COUNTY = "COUNTY", _("The county")
    MUNICIPALITIES = "MUNICIPALITIES", _("Municipalities")
    SUPPLIERS = "SUPPLIERS", _("Suppliers and business")
    CLUSTERS = "CLUSTERS", _("Business clusters")
    FOUNDERS = "FOUNDERS", _("Founders")
    RESEARCH = "RESEARCH", _("Research and education")


class ResponsibleKind(models.TextChoices):
    """Which kind of party answers for a measure."""

    LUP = "LUP", _("LUP")
    COUNTY = "COUNTY", _("The county")
    MUNICIPALITY = "MUNICIPALITY", _("A municipality")
    COOPERATION = "COOPERATION", _("A procurement cooperation")
    WORKING_GROUP = "WORKING_GROUP", _("A working group")


class MunicipalityScope(models.TextChoices):
    """Which municipalities a measure concerns."""

    CHOSEN = "CHOSEN", _("The ones that are chosen")
    ALL = "ALL", _("All in the county")


class PeriodUnit(models.TextChoices):
    """How the period of a measure is given."""

    QUARTERS = "QUARTERS", _("Quarters")
    DATES = "DATES", _("Dates")


class MeasureStatus(models.TextChoices):
    """How a measure goes; not part of what is signed."""

    PLANNED = "PLANNED", _("Planned")
    ON_TRACK = "ON_TRACK", _("On track")
    DELAYED = "DELAYED", _("Delayed")
    DONE = "DONE", _("Done")
    STOPPED = "STOPPED", _("Stopped")


class ContributionState(models.TextChoices):
    """How far a contribution has come. A draft is its writer's own; the rest was sent."""

    DRAFT = "DRAFT", _("Draft, not sent")
    RECEIVED = "RECEIVED", _("Received")
    UNDER_CONSIDERATION = "UNDER_CONSIDERATION", _("Under consideration")
    ACCEPTED = "ACCEPTED", _("Taken into the plan")
    DECLINED = "DECLINED", _("Declined")


# The editor has said what came of it.
ANSWERED_STATES = (ContributionState.ACCEPTED, ContributionState.DECLINED)


class UseExtent(models.TextChoices):
    """How much of a contribution a measure takes up."""

    WHOLE = "WHOLE", _("All of the input")
    PART = "PART", _("Part of the input")


class Audience(models.TextChoices):
    """Who reads a thread of comments: what a county says among its own is not LUP's to read, and
    what the two negotiate is not the municipalities'."""

    COUNTY = "COUNTY", _("Only the county")
    PARTIES = "PARTIES", _("The county and LUP")
    CONCERNED = "CONCERNED", _("The county, LUP and the municipalities that it concerns")


class ProposalState(models.TextChoices):
    """What became of a proposed change."""

    OPEN = "OPEN", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", pgettext_lazy("proposed change", "Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class BulkField(models.TextChoices):
    """What can be changed in many measures at once."""

    STATUS = "STATUS", _("Status")
    RESPONSIBLE = "RESPONSIBLE", _("Who is responsible")
    FOCUS_AREA = "FOCUS_AREA", _("Focus area")
    PERIOD = "PERIOD", _("Period")


class Decision(models.TextChoices):
    """What becomes of a measure in the next year's plan."""

    CONTINUE = "CONTINUE", _("Continue")
    CHANGE = "CHANGE", _("Change")
    POSTPONE = "POSTPONE", _("Postpone")
    END = "END", _("End")


# The measure is in the next year's plan.
CARRIED = (Decision.CONTINUE, Decision.CHANGE)


class SigningParty(models.TextChoices):
    """The two that sign, in the order of their places on the page."""

    COUNTY = "COUNTY", _("The county")
    LUP = "LUP", _("LUP")


class SigningWay(models.TextChoices):
    """How a signature was made."""

    HERE = "HERE", _("Here, with the organisation's certificate")
    UPLOAD = "UPLOAD", _("Elsewhere, and uploaded")
    SERVICE = "SERVICE", _("In a signing service")


class SignatureLevel(models.TextChoices):
    """How long a signature can be proved (ETSI EN 319 142-1)."""

    B = "B-B", "PAdES B-B"
    T = "B-T", "PAdES B-T"
    LT = "B-LT", "PAdES B-LT"
    LTA = "B-LTA", "PAdES B-LTA"


class FileKind(models.TextChoices):
    """What was done last to the file of a version."""

    SEALED = "SEALED", _("Sealed")
    SIGNED = "SIGNED", _("Signed")
    RENEWED = "RENEWED", _("Long-term proof renewed")


class JobKind(models.TextChoices):
    """What is done with a version in the background."""

    RENDER = "RENDER", _("Make the PDF")
    SIGN = "SIGN", _("Sign")
    RENEW = "RENEW", _("Renew the long-term proof")


class JobState(models.TextChoices):
    """How far a piece of work has come."""

    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Going on")
    DONE = "DONE", pgettext_lazy("piece of work", "Done")
    FAILED = "FAILED", _("Given up")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("piece of work", "Withdrawn")


class AmendedKind(models.TextChoices):
    """What of a plan an amendment changes; the codes of plans.document.difference."""

    PLAN = "PLAN", _("Plan")
    TEXT = "TEXT", _("Text")
    PART = "PART", _("Part")
    AREA = "AREA", _("Focus area")
    MEASURE = "MEASURE", _("Measure")


class MemoKind(models.TextChoices):
    """What a memo to the county's politicians tells of."""

    PLAN = "PLAN", _("Memo about the plan")
    REPORT = "REPORT", _("Report of the year")
