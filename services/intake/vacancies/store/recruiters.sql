-- name: keep(ids, sources, emails, names, locales, time_zones, mobiles, times, event_ids, is_desk)
-- Returns those who are new, or of whom something is new.
insert into recruiters as known (
    recruiter_id, source, email, name, locale, time_zone, mobile, event_time, event_id, is_desk
)
select said.*, :is_desk::boolean
from
    unnest(
        :ids::text [], :sources::text [], :emails::text [], :names::text [], :locales::text [],
        :time_zones::text [], :mobiles::text [], :times::timestamptz [], :event_ids::text []
    ) as said (recruiter_id, source, email)
order by source, email
on conflict (source, email) do update
set
    name = excluded.name,
    locale = excluded.locale,
    time_zone = excluded.time_zone,
    mobile = excluded.mobile,
    event_time = excluded.event_time,
    event_id = excluded.event_id
where
    (known.event_time, known.event_id) < (excluded.event_time, excluded.event_id)
    and (known.name, known.locale, known.time_zone, known.mobile)
    is distinct from (excluded.name, excluded.locale, excluded.time_zone, excluded.mobile)
returning recruiter_id;

-- name: unlink(vacancy_ids, pair_vacancy_ids, pair_sources, pair_emails)
-- Of these vacancies only the given recruiters are left.
delete from recruiter_vacancies as link
where vacancy_id = any(:vacancy_ids::text [])
and not exists (
    select 1
    from
        unnest(:pair_vacancy_ids::text [], :pair_sources::text [], :pair_emails::text [])
        as pair (vacancy_id, source, email)
    inner join recruiters using (source, email)
    where pair.vacancy_id = link.vacancy_id and recruiters.recruiter_id = link.recruiter_id
)
returning vacancy_id, recruiter_id;

-- name: link(pair_vacancy_ids, pair_sources, pair_emails, now)
insert into recruiter_vacancies (vacancy_id, recruiter_id, assigned_at)
select pair.vacancy_id, recruiters.recruiter_id, :now::timestamptz
from
    unnest(:pair_vacancy_ids::text [], :pair_sources::text [], :pair_emails::text [])
    as pair (vacancy_id, source, email)
inner join recruiters using (source, email)
order by 1, 2
on conflict do nothing
returning vacancy_id, recruiter_id;

-- name: desk()
select source, email from recruiters where is_desk;

-- name: without_recruiters(job)
-- The vacancies that a desk is to have, where there is one. What is parked is passed over, and parked
-- no longer once it has recruiters, or is no more.
with settled as (
    delete from parked_rows
    where job = :job::text
    and (
        exists (select from recruiter_vacancies where vacancy_id = key)
        or not exists (select from vacancies where vacancy_id = key)
    )
)

select vacancy_id from vacancies
where exists (select from recruiters where is_desk)
and not exists (
    select from recruiter_vacancies as link where link.vacancy_id = vacancies.vacancy_id
)
and not exists (
    select from resting_rows where job = :job::text and key = vacancies.vacancy_id
);

-- name: give_to_desk(vacancy_ids, now)
insert into recruiter_vacancies (vacancy_id, recruiter_id, assigned_at)
select vacancies.vacancy_id, recruiters.recruiter_id, :now::timestamptz
from recruiters cross join vacancies
where is_desk and vacancies.vacancy_id = any(:vacancy_ids::text [])
and not exists (
    select from recruiter_vacancies as link where link.vacancy_id = vacancies.vacancy_id
)
order by vacancies.vacancy_id
on conflict do nothing
returning vacancy_id, recruiter_id;

-- name: of(vacancy_ids)
select distinct recruiter_id from recruiter_vacancies
where vacancy_id = any(:vacancy_ids::text []);

-- name: bump(ids)
-- Whoever links them to a vacancy meanwhile is not kept waiting, nor waits for this in turn.
with locked as (
    select recruiter_id from recruiters
    where recruiter_id = any(:ids::text [])
    order by recruiter_id
    for no key update
)

update recruiters set version = version + 1
from locked where recruiters.recruiter_id = locked.recruiter_id
returning recruiters.recruiter_id;

-- name: lock(ids)!
select recruiter_id from recruiters
where recruiter_id = any(:ids::text [])
order by recruiter_id
for no key update;

-- name: states(ids, most, most_closed)
-- Of very many vacancies the newest are told, so that no state is too large for a broker.
with theirs as (
    select
        recruiter_id, vacancy_id, status = 'closed' as has_closed,
        row_number() over (
            partition by recruiter_id, status = 'closed'
            order by vacancies.event_time desc, vacancy_id
        ) as nth
    from recruiter_vacancies
    inner join vacancies using (vacancy_id)
    where recruiter_id = any(:ids::text [])
),

told as (
    select
        recruiter_id,
        array_agg(vacancy_id order by vacancy_id) filter (
            where not has_closed and nth <= :most::bigint
        ) as vacancies,
        array_agg(vacancy_id order by vacancy_id) filter (
            where has_closed and nth <= :most_closed::bigint
        ) as closed_vacancies
    from theirs
    group by recruiter_id
)

select
    recruiter_id, version, email, name, locale, time_zone, mobile,
    coalesce(vacancies, '{}') as vacancies, coalesce(closed_vacancies, '{}') as closed_vacancies
from recruiters
left join told using (recruiter_id)
where recruiter_id = any(:ids::text []);

-- name: present(after, limit)
select recruiter_id from recruiters
where recruiter_id > :after
order by recruiter_id
limit :limit;

-- name: delete_out_of_date(before, limit, now)
-- Their ids are remembered as candidates' are, so that a lost topic gets its tombstones again.
with gone as (
    delete from recruiters where recruiter_id in (
        select recruiter_id from recruiters
        where event_time < :before::timestamptz
        and not exists (
            select 1 from recruiter_vacancies as link
            where link.recruiter_id = recruiters.recruiter_id
        )
        order by event_time
        limit :limit
        for update skip locked
    )
    returning recruiter_id
)

insert into former_candidates (candidate_id, ended_at)
select recruiter_id, :now::timestamptz from gone
returning candidate_id;
