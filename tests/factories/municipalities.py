"""Made-up counties, municipalities and cooperations. Numbers begin where the real ones end."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from municipalities.enums import Certainty, GroupKind
from municipalities.models import (
    CooperationMembership,
    County,
    FormerName,
    Municipality,
    ProcurementCooperation,
    WorkingGroup,
    WorkingGroupMembership,
)


class CountyFactory(DjangoModelFactory[County]):
    """A county that has always been and still is."""

    class Meta:
        model = County

    number = factory.Sequence(lambda n: f"{60 + n % 40}")
    name = factory.LazyAttribute(lambda county: f"Fylke {county.number}")
    slug = factory.LazyAttribute(lambda county: f"fylke-{county.number}")


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A municipality that still is; ``ended`` makes it one that ended with 2023."""

    class Meta:
        model = Municipality

    class Params:
        ended = factory.Trait(valid_to=date(2024, 1, 1))

    county = factory.SubFactory(CountyFactory)
    number = factory.Sequence(lambda n: f"{6000 + n % 4000}")
    name = factory.LazyAttribute(lambda municipality: f"Kommune {municipality.number}")
    name_official = factory.SelfAttribute("name")
    valid_from = date(2020, 1, 1)


class FormerNameFactory(DjangoModelFactory[FormerName]):
    """A name that ended with 2022."""

    class Meta:
        model = FormerName

    municipality = factory.SubFactory(MunicipalityFactory)
    name = "Gamlenamnet"
    valid_to = date(2023, 1, 1)


class ProcurementCooperationFactory(DjangoModelFactory[ProcurementCooperation]):
    """A cooperation whose members are stated."""

    class Meta:
        model = ProcurementCooperation

    key = factory.Sequence(lambda n: f"innkjop-{n}")
    name = factory.LazyAttribute(lambda cooperation: f"Samarbeid {cooperation.key}")
    short_name = factory.LazyAttribute(lambda cooperation: cooperation.key.upper())
    county = factory.SubFactory(CountyFactory)
    certainty = Certainty.STATED


class CooperationMembershipFactory(DjangoModelFactory[CooperationMembership]):
    """A stated membership from 2020 on."""

    class Meta:
        model = CooperationMembership

    cooperation = factory.SubFactory(ProcurementCooperationFactory)
    municipality = factory.SubFactory(
        MunicipalityFactory, county=factory.SelfAttribute("..cooperation.county")
    )
    valid_from = date(2020, 1, 1)
    certainty = Certainty.STATED


class WorkingGroupFactory(DjangoModelFactory[WorkingGroup]):
    """A working group whose members are stated; ``arena`` makes it a learning arena."""

    class Meta:
        model = WorkingGroup

    class Params:
        arena = factory.Trait(kind=GroupKind.LEARNING_ARENA)

    key = factory.Sequence(lambda n: f"gruppe-{n}")
    name = factory.LazyAttribute(lambda group: f"Arbeidsgruppe {group.key}")
    kind = GroupKind.WORKING_GROUP
    county = factory.SubFactory(CountyFactory)
    certainty = Certainty.STATED


class WorkingGroupMembershipFactory(DjangoModelFactory[WorkingGroupMembership]):
    """A stated part in a group from 2020 on."""

    class Meta:
        model = WorkingGroupMembership

    group = factory.SubFactory(WorkingGroupFactory)
    municipality = factory.SubFactory(
        MunicipalityFactory, county=factory.SelfAttribute("..group.county")
    )
    valid_from = date(2020, 1, 1)
    certainty = Certainty.STATED
