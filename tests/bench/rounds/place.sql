-- name: fill_inbox(people)!
-- Two facts about each person in the last month, in the order in which they came.
insert into inbox (source, event_id, seen_at)
select
    '/upstream', 'fact-' || n,
    clock_timestamp() - interval '29 days' * (1 - n::float8 / (2 * :people::integer))
from generate_series(1, 2 * :people::integer) as n;

-- name: fill_versions(people)!
insert into versions (topic, key, version, event_id)
select 'notyet.candidates.v1', 'person-' || n, 1, 'state-' || n
from generate_series(1, :people::integer) as n;

-- name: fill_quarantine(people, sealed)!
-- One record of a thousand people's was unreadable, and a hundred before: as many as one round
-- searches, so that each searches the same number in any pool.
insert into quarantine (topic, partition, "offset", reason, detail, record)
select 'notyet.candidates.v1', 0, n, 'not_json', 'filled', :sealed::bytea
from generate_series(1, 100 + :people::integer / 1000) as n;
