-- name: keep(sources, keys, records, times, hints)!
-- Each once; one that came before, also longer ago than it was kept, is only counted.
with arrived as (
    select *
    from
        unnest(
            :sources::text [], :keys::bytea [], :records::bytea [], :times::timestamptz [],
            :hints::boolean []
        ) as arrival (source, key, record, received_at, is_hint)
),

unseen as (
    insert into delivery_keys (source, key)
    select distinct source, key from arrived
    order by source, key
    on conflict do nothing
    returning source, key
),

repeated as (
    update deliveries set repeats = repeats + again.count
    from (
        select id, count
        from deliveries
        inner join (
            select source, key, count(*) as count from arrived
            where (source, key) not in (select source, key from unseen)
            group by source, key
        ) as known using (source, key)
        order by id
        for update of deliveries
    ) as again
    where deliveries.id = again.id
)

insert into deliveries (source, key, record, received_at, state, asks, ask_at)
select distinct on (source, key)
    source, key, record, received_at,
    case when is_hint then 'asking' else 'waiting' end,
    case when is_hint then 0 end,
    case when is_hint then clock_timestamp() end
from arrived inner join unseen using (source, key)
order by source, key, received_at;

-- name: claim(limit)
select id, source, key, record, received_at, read_at, receipt from deliveries
where state = 'waiting'
order by id
limit :limit
for update skip locked;

-- name: claim_again(ids)
-- Those of them that wait still and that nobody else has claimed since.
select id from deliveries
where id = any(:ids::bigint []) and state = 'waiting'
order by id
for update skip locked;

-- name: of_source(source, after, limit)
select id, state, source, key, record, received_at, read_at, receipt from deliveries
where source = :source and id > :after and state <> 'asking'
order by id
limit :limit
for update;

-- name: settle(ids, states, summaries, notes, event_types, about, resumes_due)!
-- Notes, types and hashes come as a JSON array each: arrays of arrays must all be of one length.
update deliveries
set
    state = read.state, summary = read.summary,
    notes = array(select jsonb_array_elements_text(read.notes)),
    event_types = array(select jsonb_array_elements_text(read.event_types)),
    about = array(select decode(hash, 'hex') from jsonb_array_elements_text(read.about) as hash),
    search_due = coalesce(search_due, 0),
    resume_at = case when read.resume_is_due then coalesce(resume_at, clock_timestamp()) end,
    resume_tries = case when resume_at is null then 0 else resume_tries end
from
    unnest(
        :ids::bigint [], :states::text [], :summaries::text [], :notes::jsonb [],
        :event_types::jsonb [], :about::jsonb [], :resumes_due::boolean []
    ) as read (id, state, summary, notes, event_types, about, resume_is_due)
where deliveries.id = read.id;

-- name: read_again_about(hashes)!
-- What was passed over because its person was not in the record, or of which only that they may not
-- be written to could be read.
update deliveries set state = 'waiting', summary = null
where id = any(array(
    select id from deliveries
    where state in ('ignored', 'untranslatable') and about && :hashes::bytea []
    order by id
    for update
));

-- name: replay(ids, source, states)
-- A hint of which nothing could be made is asked about anew; else what was read then holds.
update deliveries
set
    state = case when is_asked then 'asking' else 'waiting' end,
    summary = null,
    asks = case when is_asked then 0 else asks end,
    ask_at = case when is_asked then clock_timestamp() else ask_at end,
    read_at = case when is_asked then null else read_at end
from (
    select
        id,
        asks is not null and (read_at is null or state = 'untranslatable') as is_asked
    from deliveries
    where (cardinality(:ids::bigint []) = 0 or id = any(:ids))
    and (:source::text is null or source = :source)
    and state = any(:states::text []) and state <> 'waiting'
    order by id
    for update
) as chosen
where deliveries.id = chosen.id
returning deliveries.id;

-- name: waiting(source)$
select count(*) from deliveries where source = :source and state in ('asking', 'waiting');

-- name: listed(source, state, limit)
select
    id, source, state, received_at, repeats, coalesce(summary, 'not read yet') as summary, notes
from deliveries
where (:source::text is null or source = :source) and (:state::text is null or state = :state)
order by id
limit :limit;

-- name: page(source, state, before_at, before, limit)
-- The newest first. The delivery that the page comes after may have been erased meanwhile.
select
    id, state, received_at, repeats, coalesce(summary, 'not read yet') as summary, notes,
    event_types
from deliveries
where source = :source and (:state::text is null or state = :state)
and (
    :before::bigint is null
    or (received_at, id) < (:before_at::timestamptz, :before)
)
order by received_at desc, id desc
limit :limit;

-- name: one(id)^
select
    id, source, state, received_at, repeats, coalesce(summary, 'not read yet') as summary, notes,
    event_types, record, read_at, about
from deliveries where id = :id;

-- name: made(source)
select
    state, coalesce(summary, 'not read yet') as summary, count(*) as count, max(id) as last_id,
    max(received_at) as last_at
from deliveries
where source = :source
group by state, summary
order by state, count desc, summary;

-- name: noted(source)
select note, count(*) as count
from deliveries cross join unnest(notes) as note
where source = :source
group by note
order by count desc, note
limit 20;

-- name: repeated(source)$
select coalesce(sum(repeats), 0) from deliveries where source = :source;

-- name: busy(since)
select
    sources.name as source,
    (
        select count(*) from deliveries
        where deliveries.source = sources.name and state = 'waiting'
    ) as waiting,
    (
        select count(*) from deliveries
        where deliveries.source = sources.name and state = 'asking'
    ) as asking,
    (
        select count(*) from deliveries
        where deliveries.source = sources.name and state = 'untranslatable'
    ) as untranslatable,
    (
        select count(*) from deliveries
        where deliveries.source = sources.name and received_at >= :since::timestamptz
        and 'dev.notyet.applicant.rejected.v1' = any(event_types)
    ) as rejections,
    sources.api_refused_at is not null as is_refused
from sources
order by sources.name;

-- name: forget(before, limit)
delete from deliveries where ctid = any(array(
    select ctid from deliveries
    where received_at < :before::timestamptz
    order by received_at
    limit :limit
    for update skip locked
))
returning id;
