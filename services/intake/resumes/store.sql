-- name: claim(without_token, lease_seconds)
-- Of each source that may be asked now the one that has waited longest, for nobody else meanwhile.
with due as (
    select resume.id
    from sources
    cross join lateral (
        select id from deliveries
        where
            deliveries.source = sources.name and resume_at <= (select clock_timestamp())
            and state in ('tried', 'recorded')
        order by resume_at, id
        limit 1
        for update skip locked
    ) as resume
    where
        system = any(:without_token::text [])
        or (
            api_token is not null and api_refused_at is null
            and coalesce(api_rests_until <= (select clock_timestamp()), true)
        )
)

update deliveries
set
    resume_tries = resume_tries + 1,
    resume_at = clock_timestamp() + make_interval(secs => :lease_seconds::float)
from due
where deliveries.id = due.id
returning deliveries.id, source, record, received_at, read_at, resume_tries;

-- name: keep(id, tries, read_at, record)!
-- Unless it was asked about anew meanwhile: then it is another record.
update deliveries
set state = 'waiting', summary = null, record = :record::bytea, resume_at = null
where id = :id and resume_tries = :tries and read_at is not distinct from :read_at::timestamptz
and resume_at is not null and state <> 'asking';

-- name: put_off(id, tries, counted, seconds)!
update deliveries
set
    resume_tries = resume_tries - case when :counted::boolean then 0 else 1 end,
    resume_at = clock_timestamp() + make_interval(secs => :seconds::float)
where id = :id and resume_tries = :tries and resume_at is not null;

-- name: waiting(source)$
select count(*) from deliveries where source = :source and resume_at is not null;
