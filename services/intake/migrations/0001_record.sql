-- The record of each person: who they are, what was decided about them, what they agreed to.

-- A person. What hangs on one goes with the row when they are erased.
create table candidates (
    candidate_id text primary key,
    -- Grows with every published state; 0 for somebody nobody turned down, who is not published.
    version bigint not null default 0 check (version >= 0),
    -- Name, addresses, locale, zone and country, each with the time and id of its newest event;
    -- and every name and address they ever had, to be taken out of free text.
    known jsonb not null default '{}',
    phone text generated always as (known #>> '{phone,value}') stored,
    hat_answered_at timestamptz,
    paused_until timestamptz,
    last_human_contact_at timestamptz not null,
    recorded_at timestamptz not null
);
create index candidates_phone_idx on candidates (phone) where phone is not null;
create index candidates_last_human_contact_at_idx on candidates (last_human_contact_at);

-- Candidate ids that are no more: merged into another, or erased. Nothing makes them again.
create table former_candidates (
    candidate_id text primary key,
    ended_at timestamptz not null,
    merged_into text check (merged_into <> candidate_id),
    quarantine_searched_at timestamptz
);
create index former_candidates_merged_into_idx on former_candidates (merged_into)
where merged_into is not null;
create index former_candidates_to_search_idx on former_candidates (candidate_id)
where merged_into is null and quarantine_searched_at is null;

-- By what a person is recognised: keyed hashes of source with applicant id, and of each address.
-- They outlive an erasure, so that nobody comes back with the next synchronisation.
create table identities (
    hash bytea primary key check (octet_length(hash) = 16),
    candidate_id text not null,
    -- Set when the record was purged for its age: what was decided later begins a new record.
    forgotten_at timestamptz
);
create index identities_candidate_id_idx on identities (candidate_id);

create table applications (
    candidate_id text not null references candidates on delete cascade,
    -- As published: the source's own id, unless another source has given the person the same one.
    application_id text not null,
    source text not null,
    source_application_id text not null,
    -- What was decided last, by source time and event id; facts of a rejection have their own.
    status text not null check (status in ('rejected', 'unrejected', 'hired', 'withdrawn')),
    decided_at timestamptz not null,
    status_time timestamptz not null,
    status_event_id text collate "C" not null,
    -- The rejection as it is published, and its note as it was written.
    rejection jsonb,
    rejection_time timestamptz,
    rejection_event_id text collate "C",
    note text,
    decided_by text,
    -- When the person was told the outcome.
    answered_at timestamptz,
    primary key (candidate_id, application_id),
    unique (candidate_id, source, source_application_id),
    check (num_nulls(rejection, rejection_time, rejection_event_id) in (0, 3)),
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
    profile_event_id text collate "C" not null
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

-- Everything that was ever said and decided, without contact data.
create table timeline (
    id bigint generated always as identity primary key,
    candidate_id text not null references candidates on delete cascade,
    at timestamptz not null,
    kind text not null check (kind ~ '^[a-z_]+$'),
    facts jsonb not null default '{}'
);
create index timeline_candidate_id_at_idx on timeline (candidate_id, at);

-- The whole state of each published person: as scheduler and matcher may know it, and as notifier
-- may. Whoever works here now is written to about nothing.
create function states(people text [], at timestamptz)
returns table (candidate_id text, version bigint, candidate json, recipient json)
language sql stable
as $$
select
    person.candidate_id,
    person.version,
    json_strip_nulls(json_build_object(
        'candidateId', person.candidate_id,
        'version', person.version,
        'locale', coalesce(known #>> '{locale,value}', 'en'),
        'timeZone', known #>> '{time_zone,value}',
        'country', known #>> '{country,value}',
        'channels', to_json(array_remove(array[
            case when known #> '{emails,value}' is not null then 'email' end,
            case when phone is not null then 'sms' end
        ], null)),
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'hatAnsweredAt', hat_answered_at,
        'pausedUntil', paused_until,
        'hiredAt', hired_at,
        'mergedFrom', absorbed.ids,
        'rejections', case when hired_at is null then decided.rejections end
    )),
    json_strip_nulls(json_build_object(
        'recipientId', person.candidate_id,
        'version', person.version,
        'kind', 'candidate',
        'name', coalesce(known #> '{name,value}', '{}'),
        'emails', known #> '{emails,value}',
        'phone', phone,
        'locale', coalesce(known #>> '{locale,value}', 'en'),
        'timeZone', known #>> '{time_zone,value}',
        'consents', case when hired_at is null then agreed.consents end,
        'stopped', stops.channels,
        'applications', case when hired_at is null then decided.spoken_of end
    ))
from candidates as person
cross join lateral (
    select
        max(application.decided_at) filter (where status = 'hired') as hired_at,
        json_agg(
            case
                when gaps.some_closed or rejection ->> 'applicationId' <> application_id
                    then rejection || jsonb_build_object(
                        'applicationId', application_id,
                        'shortfalls', coalesce(gaps.shortfalls, '[]')
                    )
                else rejection
            end
            order by application.decided_at, application_id
        ) filter (where status = 'rejected') as rejections,
        json_agg(
            json_build_object(
                'applicationId', application_id,
                'answerOwed', answered_at is null and not (rejection -> 'alreadyTold')::boolean
            )
            order by application.decided_at, application_id
        ) filter (where status = 'rejected') as spoken_of
    from applications as application
    cross join lateral (
        select
            jsonb_agg(
                case
                    when closed_at is null then gap
                    else gap || jsonb_build_object('closedAt', closed_at)
                end
                order by nth
            ) as shortfalls,
            bool_or(closed_at is not null) as some_closed
        from jsonb_array_elements(rejection -> 'shortfalls') with ordinality as each (gap, nth)
        left join closed_gaps as closed
            on closed.candidate_id = application.candidate_id
            and closed.application_id = application.application_id
            and closed.requirement_id = gap ->> 'requirementId'
    ) as gaps
    where application.candidate_id = person.candidate_id
) as decided
cross join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'purpose', purpose, 'channel', channel, 'since', granted_at, 'until', until
            )
            order by purpose, channel
        ) as consents
    from (
        select distinct on (purpose, channel) purpose, channel, granted_at, until
        from consents
        where consents.candidate_id = person.candidate_id
        and ended_at is null and until > at
        order by purpose asc, channel asc, until desc
    ) as live
) as agreed
cross join lateral (
    select jsonb_agg(channel order by channel) as channels
    from channel_stops
    where channel_stops.candidate_id = person.candidate_id and lifted_at is null
) as stops
cross join lateral (
    select jsonb_agg(former.candidate_id order by former.candidate_id) as ids
    from former_candidates as former
    where former.merged_into = person.candidate_id
) as absorbed
where person.candidate_id = any(people) and version > 0
$$;

-- Two people with one telephone number: perhaps the same person, for a human to say.
create view suggested_joins as
select
    one.candidate_id,
    other.candidate_id as other_candidate_id
from candidates as one
inner join candidates as other on one.phone = other.phone and one.candidate_id < other.candidate_id;

create table vacancies (
    vacancy_id text primary key,
    -- Only mentioned by a rejection, until the vacancy itself is heard of.
    status text not null check (status in ('mentioned', 'open', 'closed')),
    vacancy jsonb not null,
    event_time timestamptz not null,
    event_id text collate "C" not null,
    -- Of an event of the vacancies' own stream.
    type text,
    version bigint,
    check (num_nulls(type, version) = case status when 'mentioned' then 2 else 0 end)
);

create table recruiters (
    recruiter_id text primary key,
    version bigint not null default 0,
    email text not null unique,
    name text not null,
    locale text,
    time_zone text,
    event_time timestamptz not null,
    event_id text collate "C" not null
);

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
    hash bytea not null check (octet_length(hash) = 32),
    created_at timestamptz not null,
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
create index idempotency_keys_claimed_at_idx on idempotency_keys using brin (claimed_at);
