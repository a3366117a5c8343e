-- name: fill_recipients(people)!
-- All are as the one that was heard of, but for their ids and addresses.
insert into recipients (recipient_id, kind, vacancies, state)
select
    'person-' || n, kind, vacancies,
    state || jsonb_build_object(
        'recipientId', 'person-' || n,
        'emails', jsonb_build_array('person-' || n || '@mail.example')
    )
from recipients, generate_series(1, :people::integer) as n;

-- name: fill_suppressed(people)!
insert into suppressions (address_hash, because, since)
select md5('gone-' || n), 'dead', clock_timestamp()
from generate_series(1, :people::integer / 50) as n;

-- name: fill_lists(people)!
-- One for each forty people, of which its recruiters know.
insert into shortlists (
    shortlist_id, vacancy_id, facts, expires_at, correlation_id, causation_id, look_at, looked_at
)
select
    'list-' || n, 'vacancy-' || n, '{}', clock_timestamp() + interval '30 days', 'c', 'c',
    clock_timestamp() + interval '9 days', clock_timestamp() - interval '9 days'
from generate_series(1, :people::integer / 40) as n;

-- name: fill_sent(people, now)!
insert into messages (
    message_id, recipient_id, contact_id, application_id, purpose, channels, windows, expires_at,
    received_at, next_attempt_at, state, channel, address_hash, attempted_at, wording_version,
    ended_at
)
select
    'sent-' || n, 'person-' || n / 2, 'sent-contact-' || n, 'app-55012', 'letter',
    array['email'], '{}', at, at, at, 'sent', 'email', md5((n / 2)::text), at, 'en.1', at
from generate_series(1, 2 * :people::integer) as n
cross join lateral (select :now::timestamptz - n * interval '5 seconds' as at) as sent;

-- name: fill_waiting(people, now, facts)!
-- One of a hundred waits for the morning, and ten thousand before: as many as one round counts, so
-- that each counts the same number in any pool.
insert into messages (
    message_id, recipient_id, contact_id, application_id, purpose, channels, facts, windows,
    expires_at, next_attempt_at
)
select
    'waiting-' || n, 'person-' || n, 'waiting-contact-' || n, 'app-55012', 'letter',
    array['email'], :facts::jsonb,
    tstzmultirange(
        tstzrange(
            :now::timestamptz + interval '12 hours', :now::timestamptz + interval '20 hours'
        )
    ),
    :now::timestamptz + interval '3 days', :now::timestamptz + interval '12 hours'
from generate_series(1, 10000 + :people::integer / 100) as n;

-- name: lay_late(turn, count, now, facts)!
insert into messages (
    message_id, recipient_id, contact_id, application_id, purpose, channels, facts, windows,
    expires_at, next_attempt_at
)
select
    id, 'person-' || n, id, 'app-55012', 'letter', array['email'], :facts::jsonb, '{}',
    :now::timestamptz - interval '1 hour', :now::timestamptz - interval '2 hours'
from generate_series(1, :count::integer) as n
cross join lateral (select format('late-%s-%s', :turn::integer, n) as id) as late;

-- name: lay_old(turn, count, now)!
insert into messages (
    message_id, recipient_id, contact_id, application_id, purpose, channels, windows, expires_at,
    received_at, next_attempt_at, state, channel, attempted_at, wording_version, ended_at
)
select
    id, 'person-' || n, id, 'app-55012', 'letter', array['email'], '{}', at, at, at, 'sent',
    'email', at, 'en.1', at
from generate_series(1, :count::integer) as n
cross join lateral (
    select
        format('old-%s-%s', :turn::integer, n) as id,
        :now::timestamptz - interval '1 year' as at
) as old;

-- name: lay_strangers(turn, count, now)!
insert into recipients (recipient_id, unread_since)
select format('stranger-%s-%s', :turn::integer, n), :now::timestamptz - interval '1 year'
from generate_series(1, :count::integer) as n;

-- name: under_way()$
select exists (
    select 1 from messages where state = 'sending'
    union all
    select 1 from messages
    where state = 'pending' and next_attempt_at <= clock_timestamp() and expires_at > clock_timestamp()
);
