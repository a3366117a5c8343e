-- name: park(job, keys, reasons)!
-- One more attempt has failed: it rests for a minute, then six times as long each time. After five
-- attempts it rests until somebody releases it or what it is about changes.
insert into parked_rows as parked (job, key, reason, attempts, parked_until)
select :job::text, key, reason, 1, clock_timestamp() + interval '1 minute'
from unnest(:keys::text [], :reasons::text []) as failed (key, reason)
order by key
on conflict (job, key) do update
set
    reason = excluded.reason,
    attempts = parked.attempts + 1,
    parked_at = clock_timestamp(),
    parked_until = case
        when parked.attempts >= 4 then 'infinity'
        else clock_timestamp() + interval '1 minute' * power(6, parked.attempts)
    end;

-- name: held(job)
select key from resting_rows where job = :job;

-- name: release(job, keys)!
delete from parked_rows where job = :job and key = any(:keys::text []);

-- name: release_all(job)$
with released as (
    delete from parked_rows where :job::text is null or job = :job returning job
)

select count(*) from released;

-- name: list_parked(limit)
select
    job, key, reason, attempts, first_parked_at, parked_at,
    nullif(parked_until, 'infinity') as parked_until
from parked_rows
order by first_parked_at, job, key
limit :limit;

-- name: counts()
select job, count(*) as count from parked_rows group by job;

-- name: forget()!
-- What nobody has released for so long is tried once more, or is gone by then.
delete from parked_rows where parked_at < statement_timestamp() - interval '30 days';
