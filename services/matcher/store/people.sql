-- name: enrol(ids)
-- The numbers of those who were not erased, now marked as changed. Sorted, so that two
-- batches about the same people wait for one another instead of deadlocking; whoever has come so far
-- may change what several systems see of them.
insert into people (candidate_id)
select id from unnest(:ids::text []) as named (id)
where not exists (
    select from versions
    where topic in ('notyet.candidates.v1', 'notyet.profiles.v1')
    and key = id and erased_at is not null
)
order by id
on conflict (candidate_id, seen_by) do update
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp(), analysed = 0
returning number, candidate_id;

-- name: mark_views(ids)!
update people
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp(), analysed = 0
where candidate_id = any(:ids::text []) and seen_by is not null;

-- name: begin_views(ids, sources)
insert into people (candidate_id, seen_by)
select * from unnest(:ids::text [], :sources::text [])
on conflict (candidate_id, seen_by) do update
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp(), analysed = 0
returning number, candidate_id, seen_by;

-- name: end_views(ids, kept)
-- What systems that turn somebody down no longer saw of them, or that is no longer all.
update people
set changed_in = pg_current_xact_id()::text::bigint, changed_at = clock_timestamp()
where candidate_id = any(:ids::text []) and seen_by is not null
and number <> all(:kept::bigint [])
returning number;

-- name: keep_profiles(numbers, profiles, sources, others, news)!
insert into profiles (number, profile, source, others, news)
select *
from unnest(
    :numbers::bigint [], :profiles::jsonb [], :sources::text [], :others::jsonb [], :news::jsonb []
)
on conflict (number) do update
set
    profile = excluded.profile, source = excluded.source, others = excluded.others,
    news = excluded.news;

-- name: texts_of(numbers)
-- What is known of people, or what one system sees of them: of profiles the newest that a system gave
-- which turned them down, and what they told us themselves.
select
    people.number, people.candidate_id, people.analysed, candidates.state, profiles.news,
    case
        when coalesce(cardinality(candidates.sources), 0) = 0
            or profiles.source = any(candidates.sources)
            then profiles.profile
        else (
            select other -> 'profile'
            from jsonb_array_elements(profiles.others) with ordinality as each (other, nth)
            where other ->> 'source' = any(candidates.sources)
            order by nth
            limit 1
        )
    end as profile
from people
left join candidates on candidates.number = people.number
left join people as whole on whole.candidate_id = people.candidate_id and whole.seen_by is null
left join profiles on profiles.number = whole.number
where people.number = any(:numbers::bigint []);

-- name: still_there(numbers)
-- Holds an erasure back until the transaction that lists these people has committed.
select number from candidates where number = any(:numbers::bigint [])
order by number
for key share;

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
