-- name: bump(ids)
-- Somebody whom nobody has turned down is published to nobody.
update candidates as person set version = version + 1
where candidate_id = any(:ids::text [])
and (
    version > 0
    or exists (
        select 1 from applications
        where applications.candidate_id = person.candidate_id and status = 'rejected'
    )
)
returning candidate_id, version;

-- name: states(ids, now)
select candidate_id, candidate::text as candidate
from states(:ids::text [], :now::timestamptz);

-- name: put(topics, types, ids, correlations, causations, with_profiles, now, traceparent)!
-- Topics and types are those of candidates, profiles and recipients, in this order.
with state as materialized (
    select * from states(:ids::text [], :now::timestamptz)
)

insert into outbox (
    topic, type, key, value, event_id, time, correlation_id, causation_id, traceparent
)
select
    (:topics::text [])[event.stream], (:types::text [])[event.stream],
    state.candidate_id, convert_to(event.body::text, 'UTF8'),
    gen_random_uuid()::text, :now::timestamptz, cause.correlation_id, cause.causation_id,
    :traceparent::text
from state
inner join
    unnest(:ids::text [], :correlations::text [], :causations::text [], :with_profiles::boolean [])
    as cause (candidate_id, correlation_id, causation_id, with_profile)
    using (candidate_id)
left join profiles on profiles.candidate_id = state.candidate_id and cause.with_profile
cross join lateral (
    values
    (1, state.candidate),
    (
        2,
        case when profile is not null then json_build_object(
            'candidateId', state.candidate_id,
            'version', state.version,
            'profile', coalesce(scrubbed, profile)
        ) end
    ),
    (3, state.recipient)
) as event (stream, body)
where event.body is not null;

-- name: present(after, limit)
select candidate_id from candidates
where candidate_id > :after and version > 0
order by candidate_id
limit :limit;

-- name: gone(ids)
select candidate_id from former_candidates where candidate_id = any(:ids::text []);

-- name: former(after, limit)
select candidate_id from former_candidates
where candidate_id > :after
order by candidate_id
limit :limit;
