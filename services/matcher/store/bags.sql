-- name: lock_unread(job, analysis, limit)
select number from people
where people.analysed < :analysis
and not exists (
    select from resting_rows where job = :job and key = people.candidate_id
)
order by people.analysed, people.changed_at
limit :limit
for update skip locked;

-- name: keep_bags(numbers, words, titles, analysis)!
with kept as (
    insert into bags (number, words, titles)
    select * from unnest(:numbers::bigint [], :words::bytea [], :titles::bytea [])
    on conflict (number) do update set words = excluded.words, titles = excluded.titles
)

update people
set analysed = :analysis::integer, changed_in = pg_current_xact_id()::text::bigint
where number = any(:numbers::bigint []);

-- name: discard(numbers)
with discarded as (delete from bags where number = any(:numbers::bigint []))

update people set analysed = 0 where number = any(:numbers::bigint [])
returning candidate_id;

-- name: horizon()$
-- Whatever commits after this moment has this transaction number or a higher one.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: changes(changed_in, number, limit)
-- A page behind a place in the index. A statement of its own: mostly nobody changed, and to plan how
-- to read what is known of them takes longer than to find that out.
select changed_in, number from people
where (changed_in, number) > (:changed_in::bigint, :number::bigint)
order by changed_in, number
limit :limit::integer;

-- name: bags_of_candidates(numbers)
select number, words, titles
from candidates inner join bags using (number)
where number = any(:numbers::bigint []);

-- name: known()$
select count(*) from people;

-- name: bags_of(numbers)
select number, words, titles from bags where number = any(:numbers::bigint []);
