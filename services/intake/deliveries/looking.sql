-- name: claim(job, systems, pause_seconds)
-- The sources that are to be looked through now, which nobody else does for a while. What is parked is
-- passed over, and parked no longer once there is no such source.
with settled as (
    delete from parked_rows
    where job = :job::text and not exists (select from sources where name = key)
)

update sources
set look_at = clock_timestamp() + make_interval(secs => :pause_seconds::float)
where system = any(:systems::text [])
and api_token is not null and api_refused_at is null
and coalesce(api_rests_until <= (select clock_timestamp()), true)
and coalesce(look_at <= (select clock_timestamp()), true)
and not exists (
    select from resting_rows where job = :job::text and key = name
)
returning name, looked_until;

-- name: go_on(name, former, looked_until, at_once)!
-- From what was read last, unless somebody else has gone on meanwhile.
update sources
set
    looked_until = :looked_until,
    look_at = case when :at_once::boolean then clock_timestamp() else look_at end
where name = :name and looked_until is not distinct from :former::text;
