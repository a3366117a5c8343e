-- name: enrol(ids)
-- The numbers of those who were not erased, now marked as changed. Sorted, so that two
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

-- name: keep_profiles(numbers, profiles, news)!
insert into profiles (number, profile, news)
select * from unnest(:numbers::bigint [], :profiles::jsonb [], :news::jsonb [])
on conflict (number) do update set profile = excluded.profile, news = excluded.news;

-- name: everything_known(numbers)
select candidates.number, candidates.state, profiles.profile, profiles.news
from candidates left join profiles on profiles.number = candidates.number
where candidates.number = any(:numbers::bigint []);

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
