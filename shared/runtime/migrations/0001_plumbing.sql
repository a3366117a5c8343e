-- What every service keeps beside its own tables; the same in each schema.

-- How far each topic partition has been processed, moved in the transaction of what it brought.
create table offsets (
    topic text not null,
    partition integer not null,
    next_offset bigint not null check (next_offset >= 0),
    moved_at timestamptz not null default clock_timestamp(),
    primary key (topic, partition)
);

-- Ids of the facts that have had their effect.
create table inbox (
    source text not null,
    event_id text not null,
    -- A digest of what another system said under this id, that nothing else counts under it.
    content bytea check (octet_length(content) = 16),
    seen_at timestamptz not null default clock_timestamp(),
    primary key (source, event_id)
);
-- BRIN would be smaller, yet it never learns that what was old in a range of pages has gone: once
-- younger rows lie in its place, each round would read the whole table.
create index inbox_seen_at_idx on inbox (seen_at);

-- The newest state seen of each entity; an erased entity stays here, so that nothing recreates it.
create table versions (
    topic text not null,
    key text not null,
    version bigint not null,
    event_id text not null,
    erased_at timestamptz,
    primary key (topic, key)
);

-- Events to publish, in order of id for each key. No value is larger than brokers take; one that a
-- broker refuses nevertheless stays here, set aside with the reason.
create table outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    key text not null,
    partition integer,
    event_id text not null,
    type text not null,
    time timestamptz not null,
    value bytea,
    correlation_id text,
    causation_id text,
    traceparent text,
    written_at timestamptz not null default clock_timestamp(),
    set_aside_at timestamptz,
    set_aside_because text,
    constraint outbox_value_check check (octet_length(value) <= 750000),
    constraint outbox_set_aside_check check ((set_aside_at is null) = (set_aside_because is null))
);
-- Hashed, because a key may be longer than other indexes take.
create index outbox_set_aside_idx on outbox using hash (key) where set_aside_at is not null;
alter table outbox set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);

-- Topics that the broker does not have, or does not let this service write: until then their events
-- are left alone.
create table closed_topics (
    topic text primary key,
    reason text not null,
    closed_at timestamptz not null default clock_timestamp(),
    closed_until timestamptz not null
);

-- Who does what only one process may do at a time, until when by the database's clock.
create table leases (
    name text primary key,
    holder uuid not null,
    expires_at timestamptz not null
);

-- What could not be processed, encrypted, until somebody looks or thirty days have passed.
create table quarantine (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    reason text not null,
    detail text not null,
    record bytea not null,
    set_aside_at timestamptz not null default clock_timestamp(),
    replayed_at timestamptz,
    discarded_at timestamptz,
    discarded_because text,
    -- The search for erased people that is still to look at the row.
    search_due bigint default 0,
    unique (topic, partition, "offset"),
    constraint quarantine_discarded_check check (
        (discarded_at is null) = (discarded_because is null)
    )
);
create index quarantine_waiting_idx on quarantine (topic)
where replayed_at is null and discarded_at is null;
create index quarantine_set_aside_at_idx on quarantine (set_aside_at);
create index quarantine_search_due_idx on quarantine (id) where search_due is not null;

-- By what records about erased people are recognised in quarantine: keyed hashes alone.
create table erased_marks (
    mark bytea primary key check (octet_length(mark) = 16),
    -- Set for what others may share, such as a name: until when it is searched for.
    until timestamptz,
    -- Set once the quarantine is, or was, searched for it.
    taken_up_at timestamptz,
    -- Where a source erases its own applicant: in its records alone it is searched for. Else in all.
    source text
);
create index erased_marks_to_take_up_idx on erased_marks (mark) where taken_up_at is null;
create index erased_marks_until_idx on erased_marks (until) where until is not null;
create sequence quarantine_searches as bigint;

-- What a job could not work on, until when it leaves it alone: its keys are ids, nothing personal.
create table parked_rows (
    job text not null,
    key text not null,
    reason text not null,
    attempts integer not null check (attempts > 0),
    first_parked_at timestamptz not null default clock_timestamp(),
    parked_at timestamptz not null default clock_timestamp(),
    parked_until timestamptz not null,
    primary key (job, key)
);

-- What each job leaves alone now. Asked for once in a statement, the time bears an index.
create view resting_rows as
select job, key from parked_rows where parked_until > (select clock_timestamp());

-- Who saw and did what, written in the transaction of what it tells of, by the product's clock. The
-- service's role can add to it alone; what is old is forgotten by a function that takes no argument.
create table audit_entries (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    kind text not null check (kind in ('operator', 'recruiter', 'key')),
    -- The account of the operating system, or the id of the recruiter or the key.
    actor text not null,
    -- The name of a command, or of what was done, without what was given to it.
    act text not null,
    -- The ids of the people whom it was about, and of the list or decision that it was done with.
    about text [] not null default '{}',
    subject text
);
create index audit_entries_at_idx on audit_entries (at);

create function forget_audited() returns bigint
language sql security definer set search_path from current
as $$
    with gone as (
        delete from audit_entries
        where at < statement_timestamp() - interval '24 months'
        returning id
    )
    select count(*) from gone
$$;

do $$
begin
    execute format('revoke update, delete on audit_entries from notyet_%s', current_schema());
end
$$;
