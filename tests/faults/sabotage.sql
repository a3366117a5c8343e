-- What is broken on purpose hits a second source's people alone, so that the first one's show
-- whether anybody else is harmed by it.

-- name: profile(source)$
-- The matcher's indexing cannot read it.
with victim as (
    select number from matcher.profiles
    inner join matcher.candidates using (number)
    where sources = array[:source::text]
    order by number
    limit 1
),

waiting as (
    update matcher.people set analysed = 0 from victim where people.number = victim.number
)

update matcher.profiles set profile = '[]'
from victim
where profiles.number = victim.number
returning profiles.number;

-- name: bags(source)$
-- The matcher's index cannot read them, neither when they change nor when a process starts.
with victim as (
    select number from matcher.bags
    inner join matcher.candidates using (number)
    where sources = array[:source::text]
    order by number desc
    limit 1
),

changed as (
    update matcher.people set changed_in = pg_current_xact_id()::text::bigint
    from victim
    where people.number = victim.number
)

update matcher.bags set words = 'x'
from victim
where bags.number = victim.number
returning bags.number;

-- name: plan(source)$
-- The scheduler is to plan anew for somebody of whom it cannot read anything.
with victim as (
    select occasion_id, candidate_id from scheduler.occasions
    inner join intake.applicants using (candidate_id)
    where occasions.state = 'planned' and kind <> 'qualified' and applicants.source = :source
    and not exists (
        select from intake.applicants as others
        where others.candidate_id = occasions.candidate_id and others.source <> :source
    )
    limit 1
),

late as (
    update scheduler.occasions
    set due_at = timestamptz '2020-01-01 00:00Z', expires_at = timestamptz '2020-01-02 00:00Z'
    from victim
    where occasions.occasion_id = victim.occasion_id
)

update scheduler.candidates set state = '[]'
from victim
where candidates.candidate_id = victim.candidate_id
returning candidates.candidate_id;

-- name: shortlist(address)$
-- The notifier cannot word what it is to tell that recruiter of.
insert into notifier.shortlists (
    shortlist_id, vacancy_id, facts, expires_at, correlation_id, causation_id
)
select 'planted', vacancies[1], '[]', timestamptz '2100-01-01 00:00Z', 'planted', 'planted'
from notifier.recipients
where kind = 'recruiter' and state #>> '{emails,0}' = :address and cardinality(vacancies) > 0
returning shortlist_id;
