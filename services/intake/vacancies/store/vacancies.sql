-- name: mention(ids, vacancies, times, event_ids)
-- What a rejection says of a vacancy counts only until the vacancy has an event of its own. Returns
-- those that are new, or whose recruiters have changed.
with mentioned as (
    select *
    from
        unnest(:ids::text [], :vacancies::jsonb [], :times::timestamptz [], :event_ids::text [])
        as mention (vacancy_id, vacancy, event_time, event_id)
    inner join vacancy_ids using (vacancy_id)
),

before as (
    select vacancy_id, status, known.vacancy -> 'recruiters' as recruiters
    from vacancies as known inner join mentioned using (vacancy_id)
),

kept as (
    insert into vacancies as known (vacancy_id, source, status, vacancy, event_time, event_id)
    select vacancy_id, source, 'mentioned', vacancy, event_time, event_id
    from mentioned
    where not exists (
        select 1 from before
        where before.vacancy_id = mentioned.vacancy_id and status <> 'mentioned'
    )
    order by vacancy_id
    on conflict (vacancy_id) do update
    set vacancy = excluded.vacancy, event_time = excluded.event_time, event_id = excluded.event_id
    where
        known.status = 'mentioned'
        and (known.event_time, known.event_id) < (excluded.event_time, excluded.event_id)
    returning vacancy_id, source, vacancy -> 'recruiters' as recruiters
)

select vacancy_id, source
from kept left join before using (vacancy_id)
where before.vacancy_id is null or kept.recruiters is distinct from before.recruiters;

-- name: keep(ids, sources, statuses, types, versions, vacancies, times, event_ids, now)
-- Each change is published under a higher version, though its source may have counted no further.
insert into vacancies as known (
    vacancy_id, source, status, type, version, source_version, vacancy, event_time, event_id,
    closed_at
)
select
    vacancy_id, source, status, type, version, version, vacancy, event_time, event_id,
    case status when 'closed' then :now::timestamptz end
from
    unnest(
        :ids::text [], :sources::text [], :statuses::text [], :types::text [],
        :versions::bigint [], :vacancies::jsonb [], :times::timestamptz [], :event_ids::text []
    ) as state (vacancy_id, source, status, type, version, vacancy, event_time, event_id)
order by vacancy_id
on conflict (vacancy_id) do update
set
    status = excluded.status,
    type = excluded.type,
    version = greatest(known.version + 1, excluded.version),
    source_version = excluded.source_version,
    vacancy = excluded.vacancy,
    event_time = excluded.event_time,
    event_id = excluded.event_id,
    closed_at = case excluded.status when 'closed' then coalesce(known.closed_at, :now) end
where
    known.status = 'mentioned'
    or (known.source_version <= excluded.source_version and known.event_id <> excluded.event_id)
returning vacancy_id;

-- name: delete(ids)!
delete from vacancies where vacancy_id = any(:ids::text []);

-- name: states(ids)
-- Nobody changes them until what is published of them is in the outbox.
select vacancy_id, source, type, version, vacancy, event_time, event_id
from vacancies
where vacancy_id = any(:ids::text []) and status <> 'mentioned'
order by vacancy_id
for no key update;

-- name: known(after, limit)
select vacancy_id from vacancies
where vacancy_id > :after and status <> 'mentioned'
order by vacancy_id
limit :limit;

-- name: out_of_date(job, before, limit)
-- What is parked is passed over, and parked no longer once there is news of it.
with settled as (
    delete from parked_rows
    where job = :job::text
    and not exists (
        select from vacancies
        where vacancy_id = key and status <> 'open' and event_time < :before::timestamptz
    )
)

select vacancy_id from vacancies
where status <> 'open' and event_time < :before::timestamptz
and not exists (
    select from resting_rows where job = :job::text and key = vacancy_id
)
order by event_time
limit :limit
for update skip locked;
