-- name: fill_candidates(people)!
-- All are as the one that was heard of, but for their ids and addresses. Nobody was without human
-- contact for the month that is the shortest by any country's law.
with people as (
    insert into candidates (candidate_id, version, personal_data)
    select
        'person-' || n, version,
        jsonb_set(
            personal_data, '{emails,value}', jsonb_build_array('person-' || n || '@mail.example')
        )
    from candidates, generate_series(1, :people::integer) as n
    returning candidate_id, personal_data
)

insert into applicants (
    applicant_key, candidate_id, source, personal_data, name_key, last_human_contact_at, recorded_at
)
select
    people.candidate_id, people.candidate_id, source, people.personal_data, name_key,
    clock_timestamp()
    - split_part(people.candidate_id, '-', 2)::float8 / :people::integer * interval '20 days',
    recorded_at
from people, applicants;

-- name: fill_identities(people)!
with identified as (
    insert into identities (hash, applicant_key)
    select decode(md5('identity-' || n), 'hex'), 'person-' || n / 2
    from generate_series(2, 2 * :people::integer + 1) as n
)

insert into likenesses (hash, applicant_key)
select decode(md5('likeness-' || n), 'hex'), 'person-' || n / 2
from generate_series(2, 2 * :people::integer + 1) as n;

-- name: fill_applications(people)!
insert into applications (
    candidate_id, applicant_key, application_id, source, source_application_id, status, decided_at,
    status_time, status_rank, rejection, rejection_time, rejection_rank, answered_at
)
select
    'person-' || n, 'person-' || n, 'application-' || n, source, 'application-' || n, status,
    decided_at, status_time, status_rank, rejection, rejection_time, rejection_rank, decided_at
from applications, generate_series(1, :people::integer) as n;

-- name: fill_profiles(people)!
insert into profiles (
    applicant_key, candidate_id, profile, scrubbed, profile_time, profile_rank
)
select 'person-' || n, 'person-' || n, profile, scrubbed, profile_time, profile_rank
from profiles, generate_series(1, :people::integer) as n;

-- name: fill_consents(people)!
insert into consent_entries (
    candidate_id, applicant_key, act, purpose, channel, at, until, how, wording_version
)
select
    'person-' || n, 'person-' || n, 'agreed', purpose, 'email', clock_timestamp() - interval '1 day',
    clock_timestamp() + interval '2 years', 'page', 'en.1'
from generate_series(1, :people::integer) as n
cross join (values ('similar_opening'), ('when_qualified')) as agreed (purpose);

-- name: fill_timeline(people)!
insert into timeline (candidate_id, applicant_key, at, kind, facts)
select
    'person-' || n, 'person-' || n, clock_timestamp() - interval '1 day' * nth, 'message_sent',
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

-- name: fill_holds(people)!
insert into held_decisions (candidate_id, applicant_key, application_id, keep_until, sealed)
select
    'former-' || n, 'former-' || n, 'application-' || n, clock_timestamp() + interval '1 year', '\x00'
from generate_series(1, :people::integer / 20) as n;

-- name: fill_links(people)!
insert into short_links (token_hash, candidate_id, applicant_key, purpose, claims, expires_at)
select
    'link-' || n, 'person-' || n, 'person-' || n, 'reply', '{}',
    clock_timestamp() + interval '30 days'
from generate_series(1, :people::integer / 2) as n;

-- name: fill_tokens(people)!
insert into mail_tokens (hash, taken_at)
select decode(md5('token-' || n), 'hex'), clock_timestamp()
from generate_series(1, :people::integer / 10) as n;

-- name: fill_waiting(count)!
-- As many in any pool wrote what nobody has read, and as many can be told nothing.
with written as (
    insert into unread_replies (applicant_key, candidate_id, how, since)
    select 'person-' || n, 'person-' || n, 'mail', clock_timestamp()
    from generate_series(1, :count::integer) as n
),

unreachable as (
    update applicants set reaches_nobody = true
    where applicant_key = any(select 'person-' || n from generate_series(1, :count::integer) as n)
)

update applications set answered_at = null
where applicant_key = any(select 'person-' || n from generate_series(1, :count::integer) as n);

-- name: lay_old(turn, count)!
with people as (
    insert into candidates (candidate_id, version)
    select format('old-%s-%s', :turn::integer, n), 1
    from generate_series(1, :count::integer) as n
    returning candidate_id
)

insert into applicants (
    applicant_key, candidate_id, source, last_human_contact_at, recorded_at
)
select
    candidate_id, candidate_id, 'upstream', clock_timestamp() - interval '30 years',
    clock_timestamp() - interval '30 years'
from people;

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

-- name: lay_holds(turn, count)!
insert into held_decisions (candidate_id, applicant_key, application_id, keep_until, sealed)
select
    'former', format('old-%s-%s', :turn::integer, n), 'application',
    clock_timestamp() - interval '1 day', '\x00'
from generate_series(1, :count::integer) as n;

-- name: lay_unverified(turn, count)!
update applicants
set
    to_verify = 'new@mail.example', to_verify_request = :turn::integer::text,
    to_verify_since = clock_timestamp() - interval '9 days'
where applicant_key = any(select 'person-' || n from generate_series(1, :count::integer) as n);

-- name: lay_links(turn, count)!
insert into short_links (token_hash, purpose, claims, expires_at)
select
    format('old-%s-%s', :turn::integer, n), 'shortlist', '{}', clock_timestamp() - interval '1 day'
from generate_series(1, :count::integer) as n;

-- name: lay_tokens(turn, count)!
insert into mail_tokens (hash, taken_at)
select
    decode(md5(format('old-%s-%s', :turn::integer, n)), 'hex'),
    clock_timestamp() - interval '60 days'
from generate_series(1, :count::integer) as n;
