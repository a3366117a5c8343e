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
-- The whole state of each person: as scheduler and matcher may know it, and as notifier may.
-- Whoever works here now is written to about nothing.
select
    person.candidate_id,
    json_strip_nulls(json_build_object(
        'candidateId', person.candidate_id,
        'version', person.version,
        'locale', coalesce(known #>> '{locale,value}', 'en'),
        'timeZone', known #>> '{time_zone,value}',
        'country', known #>> '{country,value}',
        'channels', to_json(array_remove(array[
            case when known #> '{emails,value}' is not null then 'email' end,
            case when phone is not null then 'sms' end
        ], null)),
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'hatAnsweredAt', hat_answered_at,
        'pausedUntil', paused_until,
        'hiredAt', hired_at,
        'mergedFrom', absorbed.ids,
        'rejections', case when hired_at is null then decided.rejections end
    ))::text as candidate,
    json_strip_nulls(json_build_object(
        'recipientId', person.candidate_id,
        'version', person.version,
        'kind', 'candidate',
        'name', coalesce(known #> '{name,value}', '{}'),
        'emails', known #> '{emails,value}',
        'phone', phone,
        'locale', coalesce(known #>> '{locale,value}', 'en'),
        'timeZone', known #>> '{time_zone,value}',
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'applications', case when hired_at is null then decided.spoken_of end
    ))::text as recipient
from candidates as person
cross join lateral (
    select
        max(application.decided_at) filter (where status = 'hired') as hired_at,
        json_agg(
            case
                when gaps.some_closed or rejection ->> 'applicationId' <> application_id
                    then rejection || jsonb_build_object(
                        'applicationId', application_id,
                        'shortfalls', coalesce(gaps.shortfalls, '[]')
                    )
                else rejection
            end
            order by application.decided_at, application_id
        ) filter (where status = 'rejected') as rejections,
        json_agg(
            json_build_object(
                'applicationId', application_id,
                'answerOwed', answered_at is null and not (rejection -> 'alreadyTold')::boolean
            )
            order by application.decided_at, application_id
        ) filter (where status = 'rejected') as spoken_of
    from applications as application
    cross join lateral (
        select
            jsonb_agg(
                case
                    when closed_at is null then gap
                    else gap || jsonb_build_object('closedAt', closed_at)
                end
                order by nth
            ) as shortfalls,
            bool_or(closed_at is not null) as some_closed
        from jsonb_array_elements(rejection -> 'shortfalls') with ordinality as each (gap, nth)
        left join closed_gaps as closed
            on closed.candidate_id = application.candidate_id
            and closed.application_id = application.application_id
            and closed.requirement_id = gap ->> 'requirementId'
    ) as gaps
    where application.candidate_id = person.candidate_id
) as decided
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'purpose', purpose, 'channel', channel, 'since', granted_at, 'until', until
            )
            order by purpose, channel
        ) as consents
    from (
        select distinct on (purpose, channel) purpose, channel, granted_at, until
        from consents
        where consents.candidate_id = person.candidate_id
        and ended_at is null and until > :now::timestamptz
        order by purpose asc, channel asc, until desc
    ) as live
) as agreed
cross join lateral (
    select jsonb_agg(channel order by channel) as channels
    from channel_stops
    where channel_stops.candidate_id = person.candidate_id and lifted_at is null
) as stops
cross join lateral (
    select jsonb_agg(former.candidate_id order by former.candidate_id) as ids
    from former_candidates as former
    where former.merged_into = person.candidate_id
) as absorbed
where person.candidate_id = any(:ids::text []) and version > 0;

-- name: profiles(ids)
select
    person.candidate_id,
    json_build_object(
        'candidateId', person.candidate_id, 'version', version, 'profile', scrubbed
    )::text as profile
from profiles inner join candidates as person using (candidate_id)
where profiles.candidate_id = any(:ids::text []);

-- name: put(topic, type, keys, bodies, correlations, causations, now, traceparent)!
insert into outbox (
    topic, type, time, traceparent, event_id, key, value, correlation_id, causation_id
)
select
    :topic::text, :type::text, :now::timestamptz, :traceparent::text, gen_random_uuid()::text,
    state.*
from
    unnest(:keys::text [], :bodies::bytea [], :correlations::text [], :causations::text [])
    as state;

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
