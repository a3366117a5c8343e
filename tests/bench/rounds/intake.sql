-- name: fill_candidates(people)!
-- All are as the one that was heard of, but for their ids and addresses.
insert into candidates (candidate_id, version, personal_data, last_human_contact_at, recorded_at)
select
    'person-' || n, version,
    jsonb_set(personal_data, '{emails,value}', jsonb_build_array('person-' || n || '@mail.example')),
    clock_timestamp() - interval '1 year' + n * interval '10 seconds', recorded_at
from candidates, generate_series(1, :people::integer) as n;

-- name: fill_identities(people)!
insert into identities (hash, candidate_id)
select decode(md5('identity-' || n), 'hex'), 'person-' || n / 2
from generate_series(2, 2 * :people::integer + 1) as n;

-- name: fill_applications(people)!
insert into applications (
    candidate_id, application_id, source, source_application_id, status, decided_at, status_time,
    status_rank, rejection, rejection_time, rejection_rank, answered_at
)
select
    'person-' || n, 'application-' || n, source, 'application-' || n, status, decided_at,
    status_time, status_rank, rejection, rejection_time, rejection_rank, decided_at
from applications, generate_series(1, :people::integer) as n;

-- name: fill_profiles(people)!
insert into profiles (candidate_id, profile, scrubbed, profile_time, profile_rank)
select 'person-' || n, profile, scrubbed, profile_time, profile_rank
from profiles, generate_series(1, :people::integer) as n;

-- name: fill_consents(people)!
insert into consents (
    candidate_id, purpose, channel, granted_at, until, how, wording_version
)
select
    'person-' || n, purpose, 'email', clock_timestamp() - interval '1 day',
    clock_timestamp() + interval '2 years', 'page', 'en.1'
from generate_series(1, :people::integer) as n
cross join (values ('similar_opening'), ('when_qualified')) as agreed (purpose);

-- name: fill_timeline(people)!
insert into timeline (candidate_id, at, kind, facts)
select
    'person-' || n, clock_timestamp() - interval '1 day' * nth, 'message_sent',
    '{"messageId": "m-1", "purpose": "letter"}'
from generate_series(1, :people::integer) as n, generate_series(1, 3) as nth;

-- name: fill_former(people)!
insert into former_candidates (candidate_id, ended_at)
select 'former-' || n, clock_timestamp()
from generate_series(1, :people::integer / 50) as n;

-- name: fill_requests(people)!
insert into idempotency_keys (source, key, request_hash, claimed_at, status, answer)
select
    'upstream', 'request-' || n, '\x00', clock_timestamp() - interval '1 day', 202, '{}'
from generate_series(1, :people::integer / 10) as n;

-- name: lay_old(turn, count)!
insert into candidates (candidate_id, version, personal_data, last_human_contact_at, recorded_at)
select
    format('old-%s-%s', :turn::integer, n), 1, '{}', clock_timestamp() - interval '3 years',
    clock_timestamp() - interval '3 years'
from generate_series(1, :count::integer) as n;

-- name: lay_erased(turn, count)!
insert into erased_marks (mark)
select decode(md5(format('erased-%s-%s', :turn::integer, n)), 'hex')
from generate_series(1, :count::integer) as n;

-- name: lay_answered(turn, count)!
insert into idempotency_keys (source, key, request_hash, claimed_at, status, answer)
select
    'old', format('%s-%s', :turn::integer, n), '\x00', clock_timestamp() - interval '9 days', 202,
    '{}'
from generate_series(1, :count::integer) as n;
