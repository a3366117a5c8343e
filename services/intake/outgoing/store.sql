-- name: is_known(source)$
select
    exists (select 1 from sources where name = :source)
    or exists (select 1 from api_keys where source = :source)
    or exists (select 1 from applicants where source = :source);

-- name: add(endpoint_id, source, url, secrets, now)!
insert into endpoints (endpoint_id, source, url, secrets, added_at)
values (:endpoint_id, :source, :url, :secrets::bytea [], :now);

-- name: write_notes(endpoint_id, source, now)!
insert into endpoints (endpoint_id, source, secrets, added_at)
values (:endpoint_id, :source, '{}', :now)
on conflict do nothing;

-- name: write_no_notes(source)!
delete from endpoints where source = :source and url is null;

-- name: every(limit)
select
    endpoint_id, source, url, cardinality(secrets) as secrets, added_at, failures, failing_since,
    problem, disabled_at, disabled_because, told.waiting, told.delivered, told.given_up,
    told.oldest, told.last_problem
from endpoints
cross join lateral (
    select
        count(*) filter (where state = 'waiting') as waiting,
        count(*) filter (where state = 'delivered') as delivered,
        count(*) filter (where state = 'given_up') as given_up,
        min(at) filter (where state = 'waiting') as oldest,
        (array_agg(outgoing.problem order by id desc) filter (where state = 'given_up'))[1]
            as last_problem
    from outgoing
    where outgoing.endpoint_id = endpoints.endpoint_id
) as told
order by source, added_at, endpoint_id
limit :limit;

-- name: disabled(source)
select endpoint_id, url, disabled_at, disabled_because from endpoints
where source = :source and disabled_at is not null
order by disabled_at, endpoint_id;

-- name: one(endpoint_id)^
select endpoint_id, source, url, secrets, disabled_at from endpoints
where endpoint_id = :endpoint_id;

-- name: rotate(endpoint_id, secret)!
update endpoints set secrets = array[:secret::bytea, secrets[1]] where endpoint_id = :endpoint_id;

-- name: end_former(endpoint_id)!
update endpoints set secrets = secrets[1:1] where endpoint_id = :endpoint_id;

-- name: enable(endpoint_id)
-- What waits is tried for as long as if it were new.
with enabled as (
    update endpoints
    set
        disabled_at = null, disabled_because = null, failures = 0, failing_since = null,
        rests_until = null, problem = null
    where endpoint_id = :endpoint_id
)

update outgoing set waits_since = clock_timestamp(), due_at = clock_timestamp()
where endpoint_id = :endpoint_id and state = 'waiting'
returning id;

-- name: disable(endpoint_id, because)!
update endpoints set disabled_at = clock_timestamp(), disabled_because = :because
where endpoint_id = :endpoint_id and disabled_at is null;

-- name: remove(endpoint_id)$
-- What it was to be told goes with it.
with removed as (delete from endpoints where endpoint_id = :endpoint_id)

select count(*) from outgoing where endpoint_id = :endpoint_id and state = 'waiting';

-- name: replay(endpoint_id, states, since)
update outgoing
set
    state = 'waiting', tries = 0, problem = null, waits_since = clock_timestamp(),
    due_at = clock_timestamp()
where endpoint_id = :endpoint_id and state = any(:states::text [])
and (:since::timestamptz is null or at >= :since)
returning id;

-- name: measures()
select
    endpoints.source,
    count(distinct endpoints.endpoint_id) filter (where disabled_at is not null) as disabled,
    count(outgoing.id) filter (where state = 'waiting') as waiting,
    count(outgoing.id) filter (where state = 'given_up') as given_up
from endpoints
left join outgoing
    on outgoing.endpoint_id = endpoints.endpoint_id and outgoing.state in ('waiting', 'given_up')
group by endpoints.source
order by endpoints.source;
