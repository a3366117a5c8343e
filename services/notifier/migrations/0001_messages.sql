-- To whom the notifier may write, where, and for what: the newest `recipient.changed` of each.
-- Names and addresses stand here and in no other table.
-- Of somebody whose newest state was missed, `unread_since` says so, and where that state lies on
-- the topic; no place where the state that stands here cannot be read; no `state` where nothing has
-- ever been read.
create table recipients (
    recipient_id text primary key,
    kind text,
    vacancies text [] not null default '{}',
    closed_vacancies text [] not null default '{}',
    state jsonb,
    unread_since timestamptz,
    unread_partition integer,
    unread_offset bigint,

    constraint recipients_state_check check ((state is null) = (kind is null)),
    constraint recipients_unread_since_check check (
        state is not null or unread_since is not null
    ),
    constraint recipients_unread_place_check check (
        num_nonnulls(unread_partition, unread_offset) in (0, 2)
        and (unread_partition is null or unread_since is not null)
    )
);
create index recipients_unread_since_idx on recipients (unread_since)
where unread_since is not null;
create index recipients_vacancies_idx on recipients using gin (vacancies)
where kind = 'recruiter';
create index recipients_closed_vacancies_idx on recipients using gin (closed_vacancies)
where kind = 'recruiter';

-- Until when each partition of `recipients` is known, by the database's clock, and how many
-- partitions the topic had then, if that was said.
create table heartbeats (
    partition integer primary key check (partition >= 0),
    written_at timestamptz not null,
    partitions integer check (partitions > 0)
);

-- Keyed hashes of addresses that nothing is sent to any more.
create table suppressions (
    address_hash text primary key,
    because text not null check (because in ('dead', 'opted_out')),
    since timestamptz not null
);

-- What an operator, or a restored database, has stopped.
create table holds (
    scope text primary key check (scope in ('everything', 'email', 'sms')),
    because text not null,
    since timestamptz not null,
    -- The account of whoever placed it.
    placed_by text
);

-- Shortlists that recruiters are still to be told of. Whether one of its recruiters has no message
-- yet is looked at again at `look_at`, by the database's clock: less and less often.
create table shortlists (
    shortlist_id text primary key,
    vacancy_id text not null,
    facts jsonb not null,
    expires_at timestamptz not null,
    correlation_id text not null,
    causation_id text not null,
    look_at timestamptz not null default clock_timestamp(),
    looked_at timestamptz,
    -- The one of shortly before that named the same people.
    repeats text
);
create index shortlists_look_at_idx on shortlists (look_at);
create index shortlists_vacancy_id_idx on shortlists (vacancy_id);
create index shortlists_expires_at_idx on shortlists (expires_at);

-- pending -> sending -> sent | failed | dropped | expired | uncertain; a try that came to nothing
-- goes back to pending. A claim carries a lease: only the holder of its token may write the rest.
-- Times of machines (leases, received_at) are the database's; the others are the product's clock.
create table messages (
    message_id text primary key,
    recipient_id text not null,
    -- The candidate of whom a recruiter is told by name.
    about_id text,
    contact_id text,
    shortlist_id text,
    application_id text,
    purpose text not null,
    asks_hat boolean not null default false,
    channels text [] not null check (cardinality(channels) > 0),
    facts jsonb,
    windows tstzmultirange not null,
    expires_at timestamptz not null,
    correlation_id text,
    causation_id text,
    received_at timestamptz not null default clock_timestamp(),

    state text not null default 'pending' check (
        state in (
            'pending', 'sending', 'sent', 'failed', 'dropped', 'expired', 'uncertain'
        )
    ),
    next_attempt_at timestamptz not null,
    tries integer not null default 0,
    failed_at text [] not null default '{}',
    withdrawn_at timestamptz,
    lease_token uuid,
    leased_until timestamptz,
    channel text,
    address_hash text,
    attempted_at timestamptz,
    -- Of a text message: whether it says how to end them, as not each one has to.
    tells_how_to_stop boolean not null default false,
    wording_version text,
    because text,
    ended_at timestamptz,
    delivered_at timestamptz,
    bounced_at timestamptz,

    constraint messages_about_check check (
        num_nonnulls(contact_id, shortlist_id) > 0 or purpose in ('links', 'reply')
    ),
    constraint messages_lease_check check (
        (state = 'sending') = (lease_token is not null)
        and (lease_token is null) = (leased_until is null)
    ),
    constraint messages_attempt_check check (
        attempted_at is null or state in ('sending', 'sent', 'failed', 'uncertain')
    ),
    constraint messages_attempted_check check (
        state not in ('sent', 'uncertain') or (attempted_at is not null and channel is not null)
    ),
    constraint messages_end_check check ((ended_at is null) = (state in ('pending', 'sending'))),
    constraint messages_facts_check check ((facts is null) = (ended_at is not null)),
    constraint messages_because_check check (
        state in ('pending', 'sending', 'sent') or because is not null
    )
);
create unique index messages_contact_id_key on messages (contact_id);
create unique index messages_shortlist_id_recipient_id_key on messages (shortlist_id, recipient_id)
where contact_id is null;
create index messages_next_attempt_at_idx on messages (next_attempt_at) where state = 'pending';
create index messages_expires_at_idx on messages (expires_at) where state = 'pending';
create index messages_leased_until_idx on messages (leased_until) where state = 'sending';
create index messages_uncertain_idx on messages (ended_at) where state = 'uncertain';
create index messages_recipient_id_idx on messages (recipient_id)
where state in ('pending', 'sending');
create index messages_tells_how_to_stop_idx on messages (recipient_id) where tells_how_to_stop;
create index messages_about_id_idx on messages (about_id)
where about_id is not null and state in ('pending', 'sending');
create index messages_addressed_idx on messages (recipient_id)
where address_hash is not null or failed_at <> '{}';
create index messages_heard_of_idx on messages (address_hash, attempted_at)
where delivered_at is not null or bounced_at is not null;
create index messages_ended_at_idx on messages (ended_at) where ended_at is not null;
alter table messages set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0, fillfactor = 80
);

-- What has to be known of the whole service at the instant of an attempt. How many partitions there
-- are is what the newest heartbeats say; those of a partition that is no more do not count.
create view conditions as
with newest as (
    select max(partitions) as partitions
    from heartbeats
    where written_at > (select max(written_at) - interval '1 minute' from heartbeats)
),

heard as (
    select
        count(*) as partitions,
        min(heartbeats.written_at) as known_until
    from heartbeats, newest
    where newest.partitions is null or heartbeats.partition < newest.partitions
)

select
    clock_timestamp() as database_now,
    newest.partitions as partitions,
    heard.partitions as partitions_heard,
    heard.known_until,
    array(select scope from holds) as holds
from newest, heard;
