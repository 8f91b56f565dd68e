"""What the database refuses about plans where a constraint over one row can't tell.

The services and forms refuse the same with a message for people; these stand behind them for
whatever else writes to the tables.
"""

from audit.triggers import DELETE, INSERT, UPDATE, Trigger


def _year(column: str) -> str:
    """Return SQL for the year of a date, as text, on both engines."""
    return f"substr(CAST({column} AS text), 1, 4)"


_PLAN_YEAR_OF_PART = (
    "SELECT CAST(p.year AS text) FROM plans_partnerplan p"
    " JOIN plans_planpart d ON d.plan_id = p.id WHERE d.id = NEW.part_id"
)
# Half-open: valid on some day of the plan's year.
_VALID_IN_YEAR = (
    "CAST(m.valid_from AS text) < CAST(p.year + 1 AS text) || '-01-01'"
    " AND (m.valid_to IS NULL OR CAST(m.valid_to AS text) > CAST(p.year AS text) || '-01-01')"
)

TRIGGERS = [
    Trigger(
        name="plans_agreement_no_overlap",
        table="plans_partnershipagreement",
        events=(INSERT, UPDATE),
        lock="SELECT 1 FROM municipalities_county WHERE id = NEW.county_id FOR UPDATE",
        refuse_when=(
            "EXISTS (SELECT 1 FROM plans_partnershipagreement a"
            " WHERE a.county_id = NEW.county_id AND a.id <> COALESCE(NEW.id, -1)"
            " AND a.valid_from < NEW.valid_to AND a.valid_to > NEW.valid_from)"
        ),
        message="The county has another agreement in that period.",
    ),
    Trigger(
        name="plans_agreement_keeps_its_plans",
        table="plans_partnershipagreement",
        events=(UPDATE,),
        refuse_when=(
            "EXISTS (SELECT 1 FROM plans_partnerplan p WHERE p.agreement_id = NEW.id"
            " AND (CAST(p.year AS text) || '-01-01' < CAST(NEW.valid_from AS text)"
            " OR CAST(p.year + 1 AS text) || '-01-01' > CAST(NEW.valid_to AS text)))"
        ),
        message="The agreement has a plan outside that period.",
    ),
    Trigger(
        name="plans_plan_in_agreement",
        table="plans_partnerplan",
        events=(INSERT, UPDATE),
        lock="SELECT 1 FROM plans_partnershipagreement WHERE id = NEW.agreement_id FOR UPDATE",
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM plans_partnershipagreement a WHERE a.id = NEW.agreement_id"
            " AND CAST(NEW.year AS text) || '-01-01' >= CAST(a.valid_from AS text)"
            " AND CAST(NEW.year + 1 AS text) || '-01-01' <= CAST(a.valid_to AS text))"
        ),
        message="The plan's year is outside the period of its agreement.",
    ),
    Trigger(
        name="plans_plan_keeps_its_year",
        table="plans_partnerplan",
        events=(UPDATE,),
        refuse_when="NEW.year <> OLD.year",
        message="A plan keeps the year that it was made for.",
    ),
    Trigger(
        name="plans_part_stays",
        table="plans_planpart",
        events=(DELETE,),
        refuse_when="EXISTS (SELECT 1 FROM plans_partnerplan p WHERE p.id = OLD.plan_id)",
        message="A plan has exactly two parts.",
    ),
    Trigger(
        name="plans_part_keeps_its_place",
        table="plans_planpart",
        events=(UPDATE,),
        refuse_when="NEW.plan_id <> OLD.plan_id OR NEW.kind <> OLD.kind",
        message="A part stays the part that it is.",
    ),
    Trigger(
        name="plans_measure_in_year",
        table="plans_measure",
        events=(INSERT, UPDATE),
        refuse_when=(
            f"(NEW.starts_on IS NOT NULL AND {_year('NEW.starts_on')} <> ({_PLAN_YEAR_OF_PART}))"
            f" OR (NEW.ends_on IS NOT NULL AND {_year('NEW.ends_on')} <> ({_PLAN_YEAR_OF_PART}))"
        ),
        message="The measure lies outside its plan's year.",
    ),
    Trigger(
        name="plans_measure_in_own_part",
        table="plans_measure",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM plans_focusarea f"
            " WHERE f.id = NEW.focus_area_id AND f.part_id = NEW.part_id)"
        ),
        message="The focus area belongs to another part.",
    ),
    Trigger(
        name="plans_measure_responsible_then",
        table="plans_measure",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NEW.responsible_municipality_id IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM municipalities_municipality m, plans_partnerplan p"
            " JOIN plans_planpart d ON d.plan_id = p.id"
            " WHERE d.id = NEW.part_id AND m.id = NEW.responsible_municipality_id"
            f" AND {_VALID_IN_YEAR})"
        ),
        message="The responsible municipality does not exist in the plan's year.",
    ),
    Trigger(
        name="plans_measure_municipality_then",
        table="plans_measure_municipalities",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM municipalities_municipality m, plans_measure t"
            " JOIN plans_planpart d ON d.id = t.part_id"
            " JOIN plans_partnerplan p ON p.id = d.plan_id"
            " WHERE t.id = NEW.measure_id AND m.id = NEW.municipality_id"
            f" AND {_VALID_IN_YEAR})"
        ),
        message="The municipality does not exist in the plan's year.",
    ),
    Trigger(
        name="plans_contributionuse_same_plan",
        table="plans_contributionuse",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM plans_contribution c, plans_measure t"
            " JOIN plans_planpart d ON d.id = t.part_id"
            " WHERE c.id = NEW.contribution_id AND t.id = NEW.measure_id AND d.plan_id = c.plan_id)"
        ),
        message="The measure belongs to another plan than the contribution.",
    ),
    Trigger(
        name="plans_contributionarea_same_plan",
        table="plans_contributionarea",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM plans_contribution c, plans_focusarea f"
            " JOIN plans_planpart d ON d.id = f.part_id"
            " WHERE c.id = NEW.contribution_id AND f.id = NEW.focus_area_id"
            " AND d.plan_id = c.plan_id)"
        ),
        message="The focus area belongs to another plan than the contribution.",
    ),
    Trigger(
        name="plans_thread_in_own_plan",
        table="plans_thread",
        events=(INSERT, UPDATE),
        refuse_when=(
            "EXISTS (SELECT 1 FROM plans_planpart d"
            " WHERE d.id = NEW.part_id AND d.plan_id <> NEW.plan_id)"
            " OR EXISTS (SELECT 1 FROM plans_measure t JOIN plans_planpart d ON d.id = t.part_id"
            " WHERE t.id = NEW.measure_id AND d.plan_id <> NEW.plan_id)"
        ),
        message="The thread is about something of another plan.",
    ),
    Trigger(
        name="plans_measure_continues_earlier",
        table="plans_measure",
        events=(INSERT, UPDATE),
        refuse_when=(
            "NEW.continues_id IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM plans_measure e"
            " JOIN plans_planpart ed ON ed.id = e.part_id"
            " JOIN plans_partnerplan ep ON ep.id = ed.plan_id"
            " JOIN plans_partnershipagreement ea ON ea.id = ep.agreement_id,"
            " plans_planpart nd"
            " JOIN plans_partnerplan np ON np.id = nd.plan_id"
            " JOIN plans_partnershipagreement na ON na.id = np.agreement_id"
            " WHERE e.id = NEW.continues_id AND nd.id = NEW.part_id"
            " AND e.chain = NEW.chain AND ep.year < np.year AND ea.county_id = na.county_id)"
        ),
        message="A measure continues one of an earlier year of the same county, in its chain.",
    ),
    Trigger(
        name="plans_rollover_is_over",
        table="plans_rollover",
        events=(UPDATE,),
        refuse_when="OLD.confirmed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL",
        message="A roll-over that is confirmed or cancelled stays as it is.",
    ),
    *(
        Trigger(
            name=f"plans_{table}_stays",
            table=f"plans_{table}",
            events=events,
            refuse_when="1 = 1",
            message="A version, its files and its signatures stay as they are.",
        )
        for table in ("planversion", "versionfile", "signature", "versionvoid")
        for events in ((UPDATE, DELETE),)
    ),
    Trigger(
        name="plans_externalevidence_stays",
        table="plans_externalevidence",
        events=(UPDATE, DELETE),
        refuse_when="1 = 1",
        message="What was kept as external evidence stays as it is.",
    ),
    Trigger(
        name="plans_signature_on_standing",
        table="plans_signature",
        events=(INSERT,),
        lock="SELECT 1 FROM plans_planversion WHERE id = NEW.version_id FOR UPDATE",
        refuse_when=(
            "EXISTS (SELECT 1 FROM plans_versionvoid v WHERE v.version_id = NEW.version_id)"
            " OR NOT EXISTS (SELECT 1 FROM plans_versionfile f"
            " WHERE f.id = NEW.file_id AND f.version_id = NEW.version_id)"
        ),
        message="A void version takes no signature, and a signature lies in its version's file.",
    ),
    Trigger(
        name="plans_void_before_signed",
        table="plans_versionvoid",
        events=(INSERT,),
        lock="SELECT 1 FROM plans_planversion WHERE id = NEW.version_id FOR UPDATE",
        refuse_when=(
            "(SELECT COUNT(*) FROM plans_signature s WHERE s.version_id = NEW.version_id) > 1"
        ),
        message="A version that both parties have signed can't be returned.",
    ),
    Trigger(
        name="plans_plan_in_force_is_own",
        table="plans_partnerplan",
        events=(UPDATE,),
        refuse_when=(
            "NEW.in_force_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM plans_planversion v"
            " WHERE v.id = NEW.in_force_id AND v.plan_id = NEW.id)"
            " OR (SELECT COUNT(*) FROM plans_signature s WHERE s.version_id = NEW.in_force_id) < 2)"
        ),
        message="A plan's version in force is its own, signed by both parties.",
    ),
]
