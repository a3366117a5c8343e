-- name: remember(rows)!
insert into recipients as known (recipient_id, kind, vacancies, closed_vacancies, state)
select recipient_id, kind, vacancies, closed_vacancies, state
from jsonb_to_recordset(:rows::jsonb) as rows (
    recipient_id text, kind text, vacancies text [], closed_vacancies text [], state jsonb
)
order by recipient_id
on conflict (recipient_id) do update
set
    kind = excluded.kind,
    vacancies = excluded.vacancies,
    closed_vacancies = excluded.closed_vacancies,
    state = excluded.state;

-- name: mark_unread(ids, partitions, offsets, now)!
-- Changes the row that an attempt locks, so that each comes before the other or after it.
insert into recipients as known (recipient_id, unread_since, unread_partition, unread_offset)
select recipient_id, :now::timestamptz, partition, place
from unnest(
    :ids::text [], :partitions::integer [], :offsets::bigint []
) as missed (recipient_id, partition, place)
order by recipient_id
on conflict (recipient_id) do update
set
    unread_since = coalesce(known.unread_since, excluded.unread_since),
    unread_partition = excluded.unread_partition,
    unread_offset = excluded.unread_offset;

-- name: mark_unreadable(ids, states, now)
-- Of whom no newer state came meanwhile.
update recipients as known set unread_since = :now::timestamptz
from unnest(:ids::text [], :states::jsonb []) as unreadable (recipient_id, state)
where known.recipient_id = unreadable.recipient_id and known.state = unreadable.state
and known.unread_since is null
returning known.recipient_id;

-- name: mark_read(ids, partitions, offsets)!
-- A statement of its own after the one that locks the rows, so that it sees the newest marks.
update recipients as known
set unread_since = null, unread_partition = null, unread_offset = null
from unnest(
    :ids::text [], :partitions::integer [], :offsets::bigint []
) as read (recipient_id, partition, place)
where known.recipient_id = read.recipient_id and known.unread_since is not null
and (
    read.place is null
    or known.unread_partition is null
    or (read.partition = known.unread_partition and read.place >= known.unread_offset)
);

-- name: unread(limit)
select recipient_id, unread_since, state is not null as known
from recipients
where unread_since is not null
order by unread_since
limit :limit::integer;

-- name: forget(ids)
with gone as (
    delete from recipients where recipient_id = any(:ids::text []) returning state
),

-- Who they are, and who they are to each source that tells of an application of theirs.
said as (
    select state as who from gone
    union all
    select jsonb_array_elements(state -> 'applications') from gone
)

select known.as as known_as
from said
cross join lateral (
    select concat_ws(' ', who #>> '{name,givenName}', who #>> '{name,familyName}') as "as"
    union all
    select who #>> '{name,fullName}'
    union all
    select who ->> 'phone'
    union all
    select who ->> 'toVerify'
    union all
    select who ->> 'phoneToVerify'
    union all
    select jsonb_array_elements_text(who -> 'emails')
) as known;

-- name: is_known(id)$
-- A mark that something could not be read tells of nobody who may be written to.
select exists (
    select from recipients where recipient_id = :id::text and state is not null
);

-- name: forget_never_read(now, kept, limit)
-- As long as a message waits for somebody, their mark keeps it from being dropped.
delete from recipients where recipient_id in (
    select recipient_id from recipients as stranger
    where state is null and unread_since < :now::timestamptz - :kept::interval
    and not exists (
        select from messages
        where messages.recipient_id = stranger.recipient_id and messages.state in ('pending', 'sending')
    )
    order by unread_since
    limit :limit::integer
)
returning recipient_id;

-- name: lift_suppressions(hashes, consented_at)!
-- An explicit new yes opens an address again that its owner had opted out of.
delete from suppressions as suppressed
using unnest(:hashes::text [], :consented_at::timestamptz []) as yes (address_hash, consented_at)
where suppressed.address_hash = yes.address_hash
and suppressed.because = 'opted_out' and suppressed.since < yes.consented_at;

-- name: suppressed(hashes)
select address_hash from suppressions where address_hash = any(:hashes::text []);

-- name: suppress(hashes, because, now)!
insert into suppressions (address_hash, because, since)
select distinct on (address_hash) address_hash, because, :now::timestamptz
from unnest(:hashes::text [], :because::text []) as suppressed (address_hash, because)
order by address_hash, because
on conflict (address_hash) do update
set because = least(suppressions.because, excluded.because), since = excluded.since;

-- name: remember_heartbeats(partitions, written_at, of)!
insert into heartbeats as known (partition, written_at, partitions)
select * from unnest(:partitions::integer [], :written_at::timestamptz [], :of::integer []) as beats
order by 1
on conflict (partition) do update
set
    written_at = excluded.written_at,
    partitions = coalesce(excluded.partitions, known.partitions)
where excluded.written_at > known.written_at;
