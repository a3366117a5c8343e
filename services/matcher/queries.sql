-- name: enrol(ids)
-- Gives the numbers of those who were not erased, and marks them as changed. Sorted, so that two
-- batches about the same people wait for one another instead of deadlocking.
insert into people (candidate_id)
select id from unnest(:ids::text []) as named (id)
where not exists (
    select from versions
    where topic in ('notyet.candidates.v1', 'notyet.profiles.v1')
    and key = id and erased_at is not null
)
order by id
on conflict (candidate_id) do update
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp(), analysed = 0
returning number, candidate_id;

-- name: keep_candidates(numbers, states, barred)!
insert into candidates (number, state, barred)
select * from unnest(:numbers::bigint [], :states::jsonb [], :barred::text [])
on conflict (number) do update set state = excluded.state, barred = excluded.barred;

-- name: clear_spans(numbers)!
delete from spans where number = any(:numbers::bigint []);

-- name: keep_spans(numbers, since, until)!
insert into spans (number, since, until)
select * from unnest(:numbers::bigint [], :since::timestamptz [], :until::timestamptz []);

-- name: keep_profiles(numbers, profiles)!
insert into profiles (number, profile)
select * from unnest(:numbers::bigint [], :profiles::jsonb [])
on conflict (number) do update set profile = excluded.profile;

-- name: mark_erased(ids)
-- Waits for whoever reads or lists these people just now.
update people
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp()
where candidate_id = any(:ids::text [])
returning number;

-- name: forget_candidates(numbers)!
-- Waits for a search that is about to commit with these people on its list.
delete from candidates where number = any(:numbers::bigint []);

-- name: forget_the_rest(numbers, ids)!
-- A statement of its own, so that it sees what the two before have waited for.
with without_profile as (delete from profiles where number = any(:numbers::bigint [])),

without_bags as (delete from bags where number = any(:numbers::bigint []))

delete from reasons where candidate_id = any(:ids::text []);

-- name: unread(analysis, limit)
select people.number, candidates.state, profiles.profile
from people
left join candidates on candidates.number = people.number
left join profiles on profiles.number = people.number
where people.analysed < :analysis
order by people.analysed, people.changed_at
limit :limit
for update of people skip locked;

-- name: keep_bags(numbers, words, titles, analysis)!
with kept as (
    insert into bags (number, words, titles)
    select * from unnest(:numbers::bigint [], :words::bytea [], :titles::bytea [])
    on conflict (number) do update set words = excluded.words, titles = excluded.titles
)

update people
set analysed = :analysis::integer, changed_in = pg_current_xact_id()::text::bigint
where number = any(:numbers::bigint []);

-- name: horizon()$
-- Whatever commits after this moment has this transaction number or a higher one.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: changes(since)
select people.number, bags.words, bags.titles
from people
left join candidates on candidates.number = people.number
left join bags on bags.number = candidates.number
where people.changed_in >= :since
order by people.number;

-- name: openings(ids)
select * from vacancies where vacancy_id = any(:ids::text []);

-- name: keep_openings(ids, versions, vacancies, opened, reopened, closed)!
insert into vacancies (vacancy_id, version, vacancy, opened_at, reopened, closed_at)
select * from unnest(
    :ids::text [], :versions::bigint [], :vacancies::jsonb [], :opened::timestamptz [],
    :reopened::boolean [], :closed::timestamptz []
)
on conflict (vacancy_id) do update
set version = excluded.version, vacancy = excluded.vacancy, opened_at = excluded.opened_at,
reopened = excluded.reopened, closed_at = excluded.closed_at;

-- name: close_openings(ids, at)!
update vacancies set closed_at = coalesce(closed_at, :at) where vacancy_id = any(:ids::text []);

-- name: cancel_runs(ids)!
update runs set state = 'cancelled', lease = null, leased_until = null
where vacancy_id = any(:ids::text []) and state in ('pending', 'running');

-- name: ask_for_searches(ids, vacancies, correlations, causations, settle)!
insert into runs (id, vacancy_id, correlation_id, causation_id, due_at)
select asked.*, clock_timestamp() + make_interval(secs => :settle::double precision)
from unnest(
    :ids::text [], :vacancies::text [], :correlations::text [], :causations::text []
) as asked
on conflict (id) do nothing;

-- name: ask_about_newcomers(candidates, event_id, correlation_id, settle)!
-- One search at a time waits for each open vacancy, however many newcomers there are.
insert into runs (id, vacancy_id, newcomers, correlation_id, causation_id, due_at)
select
    md5(vacancy_id || '|' || :event_id::text)::uuid::text, vacancy_id, :candidates::text [],
    :correlation_id::text, :event_id::text,
    clock_timestamp() + make_interval(secs => :settle::double precision)
from vacancies
where closed_at is null
order by vacancy_id
on conflict (vacancy_id, (newcomers is null)) where state = 'pending' do update
set newcomers = runs.newcomers || excluded.newcomers;

-- name: claim(lease, seconds, analysis)^
-- A run waits until everybody recorded before it was due has been read.
update runs
set state = 'running', attempts = attempts + 1, lease = :lease,
leased_until = clock_timestamp() + make_interval(secs => :seconds::double precision)
where id = (
    select id from runs
    where state in ('pending', 'running')
    and due_at <= clock_timestamp()
    and (state = 'pending' or leased_until < clock_timestamp())
    and not exists (
        select from people where analysed < :analysis and changed_at < runs.due_at
    )
    order by due_at
    limit 1
    for update skip locked
)
returning id, vacancy_id, newcomers, attempts, correlation_id, causation_id;

-- name: finish(id, lease, state)^
update runs set state = :state, lease = null, leased_until = null
where id = :id and lease = :lease
returning id;

-- name: pool(vacancy_id, reopened, opened_at, now)
-- Everybody known, by what keeps them off this list; null where nothing does.
with decided as (
    select candidate_id from afterwards
    where vacancy_id = :vacancy_id
    and what in ('approved', 'declined', 'not_now')
    and at >= :opened_at
),

own as (
    select number from candidates
    where not :reopened::boolean
    and state -> 'rejections'
    @> jsonb_build_array(jsonb_build_object('vacancyId', :vacancy_id::text))
)

select
    case
        when people.candidate_id in (select candidate_id from decided) then 'already_decided'
        when candidates.barred is not null then candidates.barred
        when candidates.number in (select number from own) then 'same_vacancy'
        when not exists (
            select from spans
            where spans.number = candidates.number and since <= :now and until > :now
        ) then 'not_agreed'
    end as outcome,
    array_agg(candidates.number order by candidates.number) as numbers
from candidates inner join people on people.number = candidates.number
group by 1;

-- name: rejected_for(vacancy_id)
select number, state from candidates
where state -> 'rejections'
@> jsonb_build_array(jsonb_build_object('vacancyId', :vacancy_id::text));

-- name: everything_known(numbers)
select candidates.number, candidates.state, profiles.profile
from candidates left join profiles on profiles.number = candidates.number
where candidates.number = any(:numbers::bigint []);

-- name: still_there(numbers)
-- Holds an erasure back until the transaction that lists these people has committed.
select number from candidates where number = any(:numbers::bigint [])
order by number
for key share;
