-- name: add(name, system, secret, letter_days, applied_days, now)$
insert into sources (name, system, secrets, speaks, letter_days, applied_days, added_at)
values (
    :name, :system, array[:secret::bytea], 'source', :letter_days, :applied_days, :now
)
on conflict do nothing
returning name;

-- name: every()
select
    name, system, secrets, speaks, speaks_of, options, letter_days, applied_days, added_at,
    started_at, paused_at, refused, refused_at, refused_because, api_token, api_url, api_refused_at,
    array(
        select job_id from confidential_jobs
        where confidential_jobs.source = sources.name and is_confidential
        order by job_id
    ) as confidential_jobs
from sources
order by name;

-- name: say_of_jobs(sources, ids, confidential, times)!
-- What was said last of each holds; of two things said at once, that it is confidential. Of one that
-- never was, nothing is kept.
with said as (
    select distinct on (source, job_id) source, job_id, is_confidential, said_at
    from
        unnest(
            :sources::text [], :ids::text [], :confidential::boolean [], :times::timestamptz []
        ) as told (source, job_id, is_confidential, said_at)
    order by source, job_id, said_at desc, is_confidential desc
)

insert into confidential_jobs as known (source, job_id, is_confidential, said_at)
select source, job_id, is_confidential, said_at from said
where is_confidential or exists (
    select from confidential_jobs as before
    where before.source = said.source and before.job_id = said.job_id
)
order by source, job_id
on conflict (source, job_id) do update
set is_confidential = excluded.is_confidential, said_at = excluded.said_at
where (known.said_at, known.is_confidential) < (excluded.said_at, excluded.is_confidential);

-- name: rotate(name, secret)$
update sources set secrets = array[:secret::bytea, secrets[1]] where name = :name returning name;

-- name: end_former(name)$
update sources set secrets = secrets[1:1] where name = :name returning name;

-- name: speak(name, speaks)$
update sources set speaks = :speaks where name = :name returning name;

-- name: speak_of(name, vacancy_id, speaks)$
update sources
set speaks_of = jsonb_strip_nulls(
    speaks_of || jsonb_build_object(:vacancy_id::text, :speaks::text)
)
where name = :name
returning name;

-- name: set_options(name, options)!
update sources set options = :options::jsonb where name = :name;

-- name: start(name, letter_days, applied_days, now)$
update sources
set
    started_at = case
        when paused_at is null then coalesce(started_at, :now::timestamptz)
        else :now::timestamptz
    end,
    paused_at = null, letter_days = :letter_days, applied_days = :applied_days
where name = :name
returning name;

-- name: pause(name, now)$
update sources set paused_at = :now::timestamptz
where name = :name and started_at is not null and paused_at is null
returning name;

-- name: note_refusals(names, counts, times, reasons)!
update sources
set
    refused = sources.refused + said.count, refused_at = said.at, refused_because = said.reason
from
    unnest(:names::text [], :counts::integer [], :times::timestamptz [], :reasons::text [])
    as said (name, count, at, reason)
where sources.name = said.name;

-- name: set_token(name, token, url)!
update sources
set
    api_token = :token::bytea, api_url = :url::text, api_refused_at = null,
    api_rests_until = null
where name = :name;

-- name: refuse_token(name, token, now)$
-- Unless there is a new one by now.
update sources set api_refused_at = :now::timestamptz
where name = :name and api_token = :token::bytea and api_refused_at is null
returning name;

-- name: rest(name, seconds)!
update sources set api_rests_until = clock_timestamp() + make_interval(secs => :seconds::float)
where name = :name;
