-- name: unread(analysis, limit)
select people.number, candidates.state, profiles.profile
from people
left join candidates on candidates.number = people.number
left join profiles on profiles.number = people.number
where people.analysed < :analysis
order by people.analysed, people.changed_at
limit :limit
for update of people skip locked;

-- name: keep_bags(numbers, words, titles, parked, analysis)!
with kept as (
    insert into bags (number, words, titles)
    select * from unnest(:numbers::bigint [], :words::bytea [], :titles::bytea [])
    on conflict (number) do update set words = excluded.words, titles = excluded.titles
)

update people
set analysed = :analysis::integer, changed_in = pg_current_xact_id()::text::bigint,
parked_because = indexed.parked
from unnest(:numbers::bigint [], :parked::text []) as indexed (number, parked)
where people.number = indexed.number;

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

-- name: known()$
select count(*) from people;

-- name: bags_of(numbers)
select number, words, titles from bags where number = any(:numbers::bigint []);

-- name: parked(limit)
select candidate_id, parked_because, changed_at from people
where parked_because is not null
order by changed_at
limit :limit;

-- name: parked_count()$
select count(*) from people where parked_because is not null;

-- name: retry_parked()
update people set analysed = 0, parked_because = null, changed_at = clock_timestamp()
where parked_because is not null
returning number;
