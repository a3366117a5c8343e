-- name: keep(ids, profiles, scrubbed, times, event_ids)
insert into profiles as known (
    candidate_id, profile, scrubbed, profile_time, profile_event_id
)
select *
from
    unnest(
        :ids::text [], :profiles::json [], :scrubbed::json [], :times::timestamptz [],
        :event_ids::text []
    )
on conflict (candidate_id) do update
set
    profile = excluded.profile,
    scrubbed = excluded.scrubbed,
    profile_time = excluded.profile_time,
    profile_event_id = excluded.profile_event_id
where
    (known.profile_time, known.profile_event_id)
    < (excluded.profile_time, excluded.profile_event_id)
returning candidate_id;

-- name: of(ids)
select candidate_id, profile, scrubbed, profile_time, profile_event_id
from profiles where candidate_id = any(:ids::text []);

-- name: put_scrubbed(ids, scrubbed)
update profiles set scrubbed = better.scrubbed
from unnest(:ids::text [], :scrubbed::json []) as better (candidate_id, scrubbed)
where profiles.candidate_id = better.candidate_id
and profiles.scrubbed::text is distinct from better.scrubbed::text
returning profiles.candidate_id;
