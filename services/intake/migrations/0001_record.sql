-- The record of each person: who they are, what was decided about them, what they agreed to.

-- A person. What hangs on one goes with the row when they are erased.
create table candidates (
    candidate_id text primary key,
    -- Grows with every published state; 0 for somebody nobody turned down, who is not published.
    version bigint not null default 0 check (version >= 0),
    -- Name, addresses, locale, zone and country, each with the time and id of its newest event;
    -- and every name and address they ever had, to be taken out of free text.
    personal_data jsonb not null default '{}',
    phone text generated always as (personal_data #>> '{phone,value}') stored,
    hat_answered_at timestamptz,
    paused_until timestamptz,
    last_human_contact_at timestamptz not null,
    recorded_at timestamptz not null
);
create index candidates_phone_idx on candidates (phone) where phone is not null;
create index candidates_last_human_contact_at_idx on candidates (last_human_contact_at);

-- Candidate ids that are no more: merged into another, or erased. Nothing makes them again. And those
-- of recruiters who have left, so that a topic that was lost gets all its tombstones again.
create table former_candidates (
    candidate_id text primary key,
    ended_at timestamptz not null,
    merged_into text check (merged_into <> candidate_id)
);
create index former_candidates_merged_into_idx on former_candidates (merged_into)
where merged_into is not null;

-- By what a person is recognised: keyed hashes of source with applicant id, and of each address.
-- They outlive an erasure, so that nobody comes back with the next synchronisation.
create table identities (
    hash bytea primary key check (octet_length(hash) = 16),
    candidate_id text not null,
    -- Set when the record was purged for its age: what was decided later begins a new record.
    forgotten_at timestamptz
);
create index identities_candidate_id_idx on identities (candidate_id);

-- Numbers events in the order in which they were received: of two with one time, within a source,
-- the one received later holds.
create sequence receipts as bigint;

create table applications (
    candidate_id text not null references candidates on delete cascade,
    -- As published: the source's own id, unless another source has given the person the same one.
    application_id text not null,
    source text not null,
    source_application_id text not null,
    -- What was decided last, by source time and rank; facts of a rejection have their own.
    status text not null check (status in ('rejected', 'unrejected', 'hired', 'withdrawn')),
    decided_at timestamptz not null,
    status_time timestamptz not null,
    status_rank text collate "C" not null,
    -- The rejection as it is published, and its note as it was written.
    rejection jsonb,
    rejection_time timestamptz,
    rejection_rank text collate "C",
    note text,
    decided_by text,
    -- When the person was told the outcome.
    answered_at timestamptz,
    -- When a letter that was to tell them last ended without certainly reaching them.
    tried_at timestamptz,
    primary key (candidate_id, application_id),
    unique (candidate_id, source, source_application_id),
    check (num_nulls(rejection, rejection_time, rejection_rank) in (0, 3)),
    check (status <> 'rejected' or rejection is not null)
);

-- What a person told us they have by now, though it was missing when they were declined.
create table closed_gaps (
    candidate_id text not null references candidates on delete cascade,
    application_id text not null,
    requirement_id text not null,
    closed_at date not null,
    primary key (candidate_id, application_id, requirement_id)
);

create table profiles (
    candidate_id text primary key references candidates on delete cascade,
    -- As it came, and as it is published where names and addresses had to be taken out.
    profile json not null,
    scrubbed json,
    profile_time timestamptz not null,
    profile_rank text collate "C" not null
);

-- Rows are added and ended, never changed otherwise: what held when can always be told.
create table consents (
    id bigint generated always as identity primary key,
    candidate_id text not null references candidates on delete cascade,
    purpose text not null check (purpose in ('similar_opening', 'when_qualified', 'now_and_then')),
    channel text not null check (channel in ('email', 'sms')),
    granted_at timestamptz not null,
    until timestamptz not null check (until > granted_at),
    how text not null,
    wording_version text not null,
    ended_at timestamptz check (ended_at >= granted_at),
    ended_how text,
    check ((ended_at is null) = (ended_how is null))
);
create index consents_candidate_id_idx on consents (candidate_id);

create table channel_stops (
    id bigint generated always as identity primary key,
    candidate_id text not null references candidates on delete cascade,
    channel text not null check (channel in ('email', 'sms')),
    stopped_at timestamptz not null,
    how text not null,
    lifted_at timestamptz check (lifted_at >= stopped_at)
);
create unique index channel_stops_candidate_id_channel_key on channel_stops (candidate_id, channel)
where lifted_at is null;

-- Who wrote by text message what is no command, until a human has looked.
create table unread_replies (
    candidate_id text primary key references candidates on delete cascade,
    since timestamptz not null
);

-- Everything that was ever said and decided, without contact data.
create table timeline (
    id bigint generated always as identity primary key,
    candidate_id text not null references candidates on delete cascade,
    at timestamptz not null,
    kind text not null check (kind ~ '^[a-z_]+$'),
    facts jsonb not null default '{}'
);
create index timeline_candidate_id_at_idx on timeline (candidate_id, at);

-- Two people with one telephone number: perhaps the same person, for a human to say.
create view suggested_joins as
select
    one.candidate_id,
    other.candidate_id as other_candidate_id
from candidates as one
inner join candidates as other on one.phone = other.phone and one.candidate_id < other.candidate_id;

-- By what a source's vacancy is known to everybody else: its own id, unless another source has used
-- the same one before.
create table vacancy_ids (
    source text not null,
    source_vacancy_id text not null,
    vacancy_id text not null unique,
    primary key (source, source_vacancy_id)
);

create table vacancies (
    vacancy_id text primary key,
    source text not null,
    -- Only mentioned by a rejection, until the vacancy has an event of its own.
    status text not null check (status in ('mentioned', 'open', 'closed')),
    vacancy jsonb not null,
    event_time timestamptz not null,
    -- Of a mention the rank of the rejection.
    event_id text collate "C" not null,
    -- Of an event of the vacancy's own: its version as it is published, and as its source counts.
    type text,
    version bigint,
    source_version bigint,
    closed_at timestamptz,
    check (
        num_nulls(type, version, source_version) = case status when 'mentioned' then 3 else 0 end
    ),
    check ((status = 'closed') = (closed_at is not null))
);
create index vacancies_event_time_idx on vacancies (event_time) where status <> 'open';

-- Each source's own: what one says of somebody changes nothing of what another said.
create table recruiters (
    recruiter_id text primary key,
    version bigint not null default 0,
    source text not null,
    email text not null,
    name text not null,
    locale text,
    time_zone text,
    event_time timestamptz not null,
    event_id text collate "C" not null,
    unique (source, email)
);
create index recruiters_event_time_idx on recruiters (event_time);

create table recruiter_vacancies (
    vacancy_id text not null references vacancies on delete cascade,
    recruiter_id text not null references recruiters,
    primary key (vacancy_id, recruiter_id)
);
create index recruiter_vacancies_recruiter_id_idx on recruiter_vacancies (recruiter_id);

-- Who may post; the key itself is shown once and kept only as a hash.
create table api_keys (
    key_id text primary key,
    source text not null,
    scopes text [] not null check (scopes <@ array['rejections', 'vacancies', 'imports']),
    hash bytea not null check (octet_length(hash) = 32),
    created_at timestamptz not null,
    -- To the minute.
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- What was answered to a request that carried an Idempotency-Key.
create table idempotency_keys (
    source text not null,
    key text not null,
    request_hash bytea not null,
    claimed_at timestamptz not null,
    -- Set in the transaction that claimed the key.
    status integer,
    answer bytea,
    primary key (source, key)
);
create index idempotency_keys_claimed_at_idx on idempotency_keys (claimed_at);

-- The latest answer of each candidate to each question of each message.
create table answers (
    candidate_id text not null references candidates on delete cascade,
    message_id text not null,
    question text not null check (question in ('hat', 'interest')),
    answer text not null,
    answered_at timestamptz not null,
    primary key (candidate_id, message_id, question),
    check (
        case question when 'hat' then answer in ('yes', 'no')
        else answer in ('interested', 'not_now') end
    )
);

-- Whom the matcher found for a vacancy, as it said it.
create table shortlists (
    shortlist_id text primary key,
    vacancy_id text not null,
    vacancy_title text not null,
    continues boolean not null,
    considered integer not null check (considered >= 0),
    -- How many were listed; some of them may have left the record since.
    listed integer not null check (listed >= 0),
    ranked_at timestamptz not null
);
create index shortlists_vacancy_id_idx on shortlists (vacancy_id);
create index shortlists_ranked_at_idx on shortlists (ranked_at);

create table shortlisted (
    shortlist_id text not null references shortlists on delete cascade,
    candidate_id text not null references candidates on delete cascade,
    rank integer not null,
    -- As the matcher said it, which may know more members than this version does.
    tier text not null,
    readiness text not null,
    -- Set when approving continues that application instead of inviting anew.
    application_id text,
    -- What speaks for and against them: codes with facts, worded where they are shown.
    reasons_for jsonb not null,
    reasons_against jsonb not null,
    primary key (shortlist_id, candidate_id)
);
create index shortlisted_candidate_id_idx on shortlisted (candidate_id);

-- One decision about each, the first that was made.
create table shortlist_decisions (
    shortlist_id text not null,
    candidate_id text not null,
    recruiter_id text not null,
    choice text not null check (choice in ('approved', 'declined')),
    because text,
    decided_at timestamptz not null,
    -- Set when the vacancy closed after the approval.
    withdrawn_at timestamptz,
    primary key (shortlist_id, candidate_id),
    foreign key (shortlist_id, candidate_id) references shortlisted
    on delete cascade on update cascade,
    check ((choice = 'declined') = (because is not null)),
    check (withdrawn_at is null or choice = 'approved')
);

-- Text messages that have had their effect. Kept for good, for they say nothing about anybody:
-- Twilio's signature carries no time, so a request that was once genuine is so for ever.
create table sms_received (
    provider text not null,
    message_id text not null,
    received_at timestamptz not null,
    primary key (provider, message_id)
);

-- How a message ended as its provider reported it; the first end is the end.
create table delivery_reports (
    message_id text primary key,
    candidate_id text not null references candidates on delete cascade,
    outcome text not null check (
        outcome in ('delivered', 'bounced', 'failed', 'opted_out', 'complained')
    ),
    reported_at timestamptz not null
);
create index delivery_reports_candidate_id_idx on delivery_reports (candidate_id);
