-- What is known of each person, without who they are: their newest `candidate.changed`. The row is
-- also the lock under which everything about a person is decided, and stands before and after
-- their state does. What an erased or absorbed person leaves is purged a day later: until then a
-- merge that was overtaken by the tombstone finds which letters have been sent.
create table candidates (
    candidate_id text primary key,
    state jsonb,
    answered_at timestamptz,
    erased_at timestamptz,
    purge_at timestamptz,
    constraint candidates_erased_check check (erased_at is null or state is null),
    constraint candidates_purge_check check (purge_at is null or erased_at is not null)
);
create index candidates_purge_at_idx on candidates (purge_at) where purge_at is not null;

-- What recruiters approved.
create table invitations (
    candidate_id text not null,
    shortlist_id text not null,
    approved_at timestamptz not null,
    approval jsonb not null,
    withdrawn_at timestamptz,
    withdrawn_because text,
    primary key (candidate_id, shortlist_id),
    check ((withdrawn_at is null) = (withdrawn_because is null))
);
create index invitations_approved_at_idx on invitations (approved_at);

-- Who said that they would like to talk, and how that ended. The row goes with the person.
create table interests (
    interest_id text primary key,
    candidate_id text not null,
    raised_at timestamptz not null,
    raised jsonb not null,
    ended jsonb
);
create index interests_candidate_id_idx on interests (candidate_id);
create index interests_raised_at_idx on interests (raised_at);

-- What time makes due. The event to emit is made when an occasion is planned, so that emitting is
-- SQL alone, and no larger than an event may be, so that emitting never fails for one of them. A
-- contact ends as the notifier reports. Withdrawn ones wait for that report too.
create table occasions (
    occasion_id text primary key,
    candidate_id text not null,
    kind text not null,
    subject text not null,
    state text not null check (
        state in (
            'planned', 'emitted', 'sent', 'uncertain', 'failed', 'dropped', 'expired', 'withdrawn'
        )
    ),
    due_at timestamptz not null,
    expires_at timestamptz,
    revived_at timestamptz,
    decided_at timestamptz,
    asks_hat boolean not null,
    event bytea,
    correlation_id text,
    causation_id text,
    emitted_at timestamptz,
    emitted_to text,
    ended_at timestamptz,
    answer text,
    answered_at timestamptz,
    -- When they last answered it by mail, in their own words.
    wrote_at timestamptz,
    constraint occasions_expires_at_check check (expires_at > due_at),
    constraint occasions_qualified_check check ((kind = 'qualified') = (expires_at is null)),
    constraint occasions_event_check check (octet_length(event) <= 750000),
    constraint occasions_planned_check check (
        (state = 'planned') = (event is not null) and (state = 'planned') = (emitted_at is null)
    ),
    constraint occasions_emitted_check check (state <> 'emitted' or emitted_to is not null),
    constraint occasions_ended_check check (
        case
            when state in ('planned', 'emitted') then ended_at is null
            when state <> 'withdrawn' then ended_at is not null
            else true
        end
    )
);
create unique index occasions_planned_key on occasions (candidate_id, kind, subject)
where state = 'planned';
create index occasions_candidate_id_idx on occasions (candidate_id);
create index occasions_due_at_idx on occasions (due_at) where state = 'planned';
create index occasions_expires_at_idx on occasions (expires_at) where state = 'planned';
create index occasions_decided_at_idx on occasions (decided_at)
where decided_at is not null and state in ('planned', 'emitted');

alter table occasions set (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0
);
