-- name: mention(ids, vacancies, times, event_ids)
-- What a rejection says of a vacancy counts only until the vacancy has an event of its own. Returns
-- those whose recruiters have changed.
with mentioned as (
    select *
    from
        unnest(:ids::text [], :vacancies::jsonb [], :times::timestamptz [], :event_ids::text [])
        as mention (vacancy_id, vacancy, event_time, event_id)
),

before as (
    select vacancy_id, status, known.vacancy -> 'recruiters' as recruiters
    from vacancies as known inner join mentioned using (vacancy_id)
),

kept as (
    insert into vacancies as known (vacancy_id, status, vacancy, event_time, event_id)
    select vacancy_id, 'mentioned', vacancy, event_time, event_id
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
    returning vacancy_id, vacancy -> 'recruiters' as recruiters
)

select vacancy_id
from kept left join before using (vacancy_id)
where kept.recruiters is distinct from coalesce(before.recruiters, '[]');

-- name: keep(ids, statuses, types, versions, vacancies, times, event_ids)!
-- What was posted here is kept at once, and read again from the stream perhaps after newer ones.
insert into vacancies as known (
    vacancy_id, status, type, version, vacancy, event_time, event_id
)
select *
from
    unnest(
        :ids::text [], :statuses::text [], :types::text [], :versions::bigint [],
        :vacancies::jsonb [], :times::timestamptz [], :event_ids::text []
    ) as state (vacancy_id)
order by vacancy_id
on conflict (vacancy_id) do update
set
    status = excluded.status,
    type = excluded.type,
    version = excluded.version,
    vacancy = excluded.vacancy,
    event_time = excluded.event_time,
    event_id = excluded.event_id
where
    known.status = 'mentioned'
    or (known.version, known.event_id) < (excluded.version, excluded.event_id);

-- name: delete(ids)!
delete from vacancies where vacancy_id = any(:ids::text []);

-- name: states(ids)
select vacancy_id, type, vacancy, event_time, event_id
from vacancies
where vacancy_id = any(:ids::text []) and status <> 'mentioned';

-- name: known(after, limit)
select vacancy_id from vacancies
where vacancy_id > :after and status <> 'mentioned'
order by vacancy_id
limit :limit;

-- name: out_of_date(before, limit)
select vacancy_id from vacancies
where status <> 'open' and event_time < :before::timestamptz
order by event_time
limit :limit
for update skip locked;
