-- name: conditions()^
select * from conditions;

-- name: claim(now, limit, channels, full, paused, token, lease_seconds, remembered)
-- Does not wait for the disk: a claim that a crash of the database forgets was never made.
with due as (
    select message_id
    from messages, set_config('synchronous_commit', 'off', true)
    where state = 'pending' and next_attempt_at <= :now::timestamptz
    and expires_at > :now::timestamptz
    and channels && :channels::text [] and not channels && :full::text []
    and coalesce(channel, '') <> all(:paused::text [])
    order by next_attempt_at
    limit :limit::integer
    for update of messages skip locked
),

claimed as (
    update messages
    set
        state = 'sending', lease_token = :token::uuid,
        leased_until = clock_timestamp() + make_interval(secs => :lease_seconds::float)
    from due
    where messages.message_id = due.message_id
    returning messages.*
)

select
    claimed.*,
    recipients.state as recipient,
    recipients.unread_since,
    reader.state as reader,
    array(
        select told.address_hash from messages as told
        where told.recipient_id = claimed.recipient_id and told.tells_how_to_stop
        and told.state in ('sending', 'sent', 'uncertain') and told.address_hash is not null
        and told.attempted_at > :now::timestamptz - :remembered::interval
    ) as told_how_to_stop,
    about.state as about,
    conditions.*
from claimed
cross join conditions
left join recipients using (recipient_id)
left join recipients as about on about.recipient_id = claimed.about_id
-- Who reads a candidate's reply: a recruiter of the vacancy, also where it has closed, and of several
-- the one who approved or ended it. What is about no vacancy whoever ended it reads.
left join lateral (
    select recruiters.state from recipients as recruiters
    where recruiters.kind = 'recruiter' and (
        (
            claimed.facts ->> 'vacancyId' is null
            and recruiters.recipient_id = claimed.facts ->> 'recruiterId'
        )
        or recruiters.vacancies @> array[claimed.facts ->> 'vacancyId']
        or recruiters.closed_vacancies @> array[claimed.facts ->> 'vacancyId']
    )
    order by
        (recruiters.recipient_id = claimed.facts ->> 'recruiterId') desc nulls last,
        recruiters.recipient_id
    limit 1
) as reader on claimed.contact_id is not null and claimed.about_id is null;

-- name: lock_recipients(ids, tokens)
-- Locks what the decision rests on until the attempt is committed or given up.
select
    messages.message_id,
    messages.failed_at,
    recipients.state as recipient,
    recipients.unread_since,
    conditions.*
from unnest(:ids::text [], :tokens::uuid []) as claims (message_id, lease_token)
inner join messages using (message_id, lease_token)
inner join recipients using (recipient_id)
cross join conditions
where messages.state = 'sending' and messages.attempted_at is null
order by messages.recipient_id
for share of recipients;

-- name: mark_attempted(ids, tokens, channels, hashes, tell_how_to_stop, now, lease_seconds)
update messages
set
    attempted_at = :now::timestamptz, channel = tries.channel, address_hash = tries.address_hash,
    tells_how_to_stop = tries.tells_how_to_stop,
    leased_until = clock_timestamp() + make_interval(secs => :lease_seconds::float)
from unnest(
    :ids::text [], :tokens::uuid [], :channels::text [], :hashes::text [],
    :tell_how_to_stop::boolean []
) as tries (
    message_id, lease_token, channel, address_hash, tells_how_to_stop
)
where messages.message_id = tries.message_id and messages.lease_token = tries.lease_token
and messages.state = 'sending' and messages.attempted_at is null and messages.withdrawn_at is null
returning messages.message_id, messages.correlation_id, messages.causation_id;

-- name: settle(rows, now)
-- Only the holder of the lease may say how it went; a message that is not sent is tried again.
with settled as (
    select * from jsonb_to_recordset(:rows::jsonb) as rows (
        message_id text, lease_token uuid, state text, because text, next_attempt_at timestamptz,
        tries integer, channel text, address_hash text, wording_version text, failed_there boolean
    )
),

locked as (
    select message_id from messages inner join settled using (message_id, lease_token)
    order by message_id
    for update of messages
)

update messages
set
    state = settled.state, because = settled.because, tries = settled.tries,
    next_attempt_at = settled.next_attempt_at,
    channel = coalesce(settled.channel, messages.channel),
    address_hash = case
        when exists (select from recipients where recipient_id = messages.recipient_id)
            then coalesce(settled.address_hash, messages.address_hash)
    end,
    failed_at = case
        when not exists (select from recipients where recipient_id = messages.recipient_id)
            then '{}'
        when settled.failed_there then array_append(failed_at, settled.address_hash)
        else failed_at
    end,
    wording_version = settled.wording_version,
    attempted_at = case when settled.state not in ('pending', 'dropped') then attempted_at end,
    ended_at = case when settled.state <> 'pending' then :now::timestamptz end,
    facts = case when settled.state = 'pending' then facts end,
    lease_token = null, leased_until = null
from settled inner join locked using (message_id)
where messages.message_id = settled.message_id and messages.lease_token = settled.lease_token
returning messages.*;

-- name: overdue(job, now, limit)
-- What is past its time, and what was claimed by somebody whose lease ran out. What is parked is
-- passed over, and parked no longer once it has ended otherwise.
with settled as (
    delete from parked_rows
    where job = :job::text
    and not exists (
        select from messages where message_id = key and state in ('pending', 'sending')
    )
),

parked as (
    select key from resting_rows where job = :job::text
),

late as (
    select message_id from messages
    where state = 'pending' and expires_at <= :now::timestamptz
    and not exists (select from parked where key = message_id)
    order by expires_at
    limit :limit::integer
    for update of messages skip locked
),

left_behind as (
    select message_id from messages
    where state = 'sending' and leased_until < clock_timestamp()
    and not exists (select from parked where key = message_id)
    limit :limit::integer
    for update of messages skip locked
)

select message_id from late
union all
select message_id from left_behind;

-- name: expire(ids, now, because)
update messages
set
    state = 'expired', ended_at = :now::timestamptz, facts = null,
    because = coalesce(because, :because::text)
where message_id = any(:ids::text []) and state = 'pending'
returning *;

-- name: recover(ids, now, because)
-- A claim whose holder died goes back, unless it may have left: then nobody can know.
update messages
set
    state = case when attempted_at is null then 'pending' else 'uncertain' end,
    because = :because::text,
    ended_at = case when attempted_at is not null then :now::timestamptz end,
    facts = case when attempted_at is null then facts end,
    lease_token = null, leased_until = null
where message_id = any(:ids::text []) and state = 'sending'
returning *;
