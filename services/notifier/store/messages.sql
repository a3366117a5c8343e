-- name: add(rows, letters)
-- A letter that came back goes once to each address, also to one that may be good again later.
insert into messages (
    message_id, recipient_id, about_id, contact_id, shortlist_id, application_id, purpose, channels,
    asks_hat, facts, windows, expires_at, next_attempt_at, correlation_id, causation_id, state, because,
    ended_at, failed_at
)
select
    message_id, recipient_id, about_id, contact_id, shortlist_id, application_id, purpose, channels,
    asks_hat, facts, windows, expires_at, next_attempt_at, correlation_id, causation_id,
    coalesce(state, 'pending'), because, ended_at,
    array(
        select returned.address_hash from messages as returned
        where returned.recipient_id = rows.recipient_id
        and returned.application_id = rows.application_id
        and rows.purpose = any(:letters::text []) and returned.purpose = any(:letters::text [])
        and returned.bounced_at is not null and returned.address_hash is not null
    )
from jsonb_to_recordset(:rows::jsonb) as rows (
    message_id text, recipient_id text, about_id text, contact_id text, shortlist_id text,
    application_id text, purpose text, channels text [], asks_hat boolean, facts jsonb, windows tstzmultirange,
    expires_at timestamptz, next_attempt_at timestamptz, correlation_id text, causation_id text,
    state text, because text, ended_at timestamptz
)
on conflict do nothing
returning *;

-- name: withdraw(contact_ids, now)
-- Marks also what is on the wire: should that come back, it is not tried again.
update messages
set
    withdrawn_at = :now::timestamptz,
    state = case when attempted_at is null then 'dropped' else state end,
    because = case when attempted_at is null then 'withdrawn' else because end,
    ended_at = case when attempted_at is null then :now::timestamptz end,
    facts = case when attempted_at is not null then facts end,
    lease_token = case when attempted_at is not null then lease_token end,
    leased_until = case when attempted_at is not null then leased_until end
where contact_id = any(:contact_ids::text []) and state in ('pending', 'sending')
returning *;

-- name: drop_for(ids, because, now)
-- What has committed its attempt is on the wire already; if it comes back, the policy stops it.
update messages
set
    state = 'dropped', because = :because::text, ended_at = :now::timestamptz,
    facts = null, lease_token = null, leased_until = null
where (recipient_id = any(:ids::text []) or about_id = any(:ids::text []))
and state in ('pending', 'sending') and attempted_at is null
returning *;

-- name: drop_lists(shortlist_ids, because, now)
update messages
set
    state = 'dropped', because = :because::text, ended_at = :now::timestamptz,
    facts = null, lease_token = null, leased_until = null
where shortlist_id = any(:shortlist_ids::text []) and contact_id is null
and state in ('pending', 'sending') and attempted_at is null
returning *;

-- name: forget_addresses(ids)!
update messages set address_hash = null, failed_at = '{}'
where recipient_id = any(:ids::text []) and (address_hash is not null or failed_at <> '{}');

-- name: learn_ends(rows)
-- What was reported and is not known here was lost with a database that was then restored.
insert into messages as known (
    message_id, recipient_id, contact_id, shortlist_id, application_id, purpose, channels, channel,
    asks_hat, windows, expires_at, next_attempt_at, state, because, wording_version, attempted_at,
    ended_at
)
select
    message_id, recipient_id, contact_id, shortlist_id, application_id, purpose, array[channel],
    channel, asks_hat, '{}', ended_at, ended_at, state, because, wording_version,
    case when state in ('sent', 'uncertain') then ended_at end, ended_at
from jsonb_to_recordset(:rows::jsonb) as rows (
    message_id text, recipient_id text, contact_id text, shortlist_id text, application_id text,
    purpose text, channel text, asks_hat boolean, state text, because text, wording_version text,
    ended_at timestamptz
)
on conflict (message_id) do update
set
    state = excluded.state, because = excluded.because, channel = excluded.channel,
    wording_version = excluded.wording_version,
    attempted_at = case
        when excluded.attempted_at is not null
            then coalesce(known.attempted_at, excluded.attempted_at)
    end,
    ended_at = excluded.ended_at, facts = null, lease_token = null, leased_until = null
where known.state in ('pending', 'sending')
returning message_id;

-- name: follow_up(ids, delivered_at, bounced_at)
-- A provider may repeat itself, and may be quicker than we are; it only goes forward.
update messages
set
    delivered_at = coalesce(messages.delivered_at, heard.delivered_at),
    bounced_at = coalesce(messages.bounced_at, heard.bounced_at)
from unnest(:ids::text [], :delivered_at::timestamptz [], :bounced_at::timestamptz []) as heard (
    message_id, delivered_at, bounced_at
)
where messages.message_id = heard.message_id and messages.attempted_at is not null
and (
    (heard.delivered_at is not null and num_nonnulls(messages.delivered_at, messages.bounced_at) = 0)
    or (heard.bounced_at is not null and messages.bounced_at is null)
)
returning messages.*;

-- name: address_hashes(ids)
select message_id, address_hash from messages
where message_id = any(:ids::text []) and address_hash is not null;

-- name: shortlists(ids)
select message_id, shortlist_id from messages
where message_id = any(:ids::text []) and shortlist_id is not null;

-- name: worn_out(ids, in_a_row)
-- Returns the addresses of these mails from which so many of the newest came back in a row.
select said.address_hash
from messages as said
cross join lateral (
    select count(*) as heard_of, bool_and(newest.bounced_at is not null) as all_came_back
    from (
        select bounced_at from messages
        where messages.address_hash = said.address_hash and channel = 'email'
        and (delivered_at is not null or bounced_at is not null)
        order by attempted_at desc, received_at desc
        limit :in_a_row::integer
    ) as newest
) as lately
where said.message_id = any(:ids::text []) and said.channel = 'email'
and said.address_hash is not null
and lately.heard_of = :in_a_row and lately.all_came_back;

-- name: forget(kept, now, limit)
-- By both clocks: the product's may have been moved, but what a topic keeps goes by the machine's.
with past as (
    select message_id from messages
    where ended_at < :now::timestamptz - :kept::interval
    and received_at < clock_timestamp() - :kept::interval
    and expires_at < :now::timestamptz
    order by ended_at
    limit :limit::integer
    for update skip locked
)

delete from messages using past
where messages.message_id = past.message_id
returning messages.message_id;
