-- name: keep(keys, ids, profiles, scrubbed, times, ranks)
insert into profiles as known (
    applicant_key, candidate_id, profile, scrubbed, profile_time, profile_rank
)
select *
from
    unnest(
        :keys::text [], :ids::text [], :profiles::json [], :scrubbed::json [],
        :times::timestamptz [], :ranks::text []
    )
on conflict (applicant_key) do update
set
    profile = excluded.profile,
    scrubbed = excluded.scrubbed,
    profile_time = excluded.profile_time,
    profile_rank = excluded.profile_rank
where
    (known.profile_time, known.profile_rank)
    < (excluded.profile_time, excluded.profile_rank)
returning applicant_key;

-- name: of_applicants(keys)
select applicant_key, candidate_id, profile, scrubbed, profile_time, profile_rank
from profiles where applicant_key = any(:keys::text []);

-- name: of_people(ids)
select applicant_key, candidate_id, profile, scrubbed, profile_time, profile_rank
from profiles where candidate_id = any(:ids::text []);

-- name: put_scrubbed(keys, scrubbed)
update profiles set scrubbed = better.scrubbed
from unnest(:keys::text [], :scrubbed::json []) as better (applicant_key, scrubbed)
where profiles.applicant_key = better.applicant_key
and profiles.scrubbed::text is distinct from better.scrubbed::text
returning profiles.applicant_key;
