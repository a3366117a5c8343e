-- A number for everyone ever heard of. It outlives an erasure, as the random id does, and lets
-- searches keep long lists of people small.
create table people (
    number bigint generated always as identity primary key,
    candidate_id text not null unique,
    -- The transaction of the newest change, by which every replica finds what changed.
    changed_in bigint not null default pg_current_xact_id()::text::bigint,
    changed_at timestamptz not null default clock_timestamp(),
    -- Which reading of the profile the bags hold; 0 waits to be read.
    analysed integer not null default 0
);
create index people_changed_in_idx on people (changed_in);
create index people_analysed_changed_at_idx on people (analysed, changed_at);

create table candidates (
    number bigint primary key references people,
    state jsonb not null,
    -- What keeps them off every list, whatever the vacancy and the time.
    barred text
);
create index candidates_rejections_idx on candidates using gin (
    (state -> 'rejections') jsonb_path_ops
);

-- When somebody may be listed for an opening that is not their own.
create table spans (
    number bigint not null references candidates on delete cascade,
    since timestamptz not null,
    until timestamptz not null,
    check (since < until)
);
create index spans_number_idx on spans (number);

create table profiles (
    number bigint primary key references people,
    profile jsonb not null
);

-- What rankers search. Derived: emptied, and with people's `analysed` at 0, it fills again.
create table bags (
    number bigint primary key references people,
    words bytea not null,
    titles bytea not null
);

create table vacancies (
    vacancy_id text primary key,
    version bigint not null,
    vacancy jsonb not null check (not vacancy ? 'recruiters'),
    opened_at timestamptz not null,
    reopened boolean not null,
    closed_at timestamptz
);

-- Searches to make. The id is the shortlist's, made from what caused it, so it is made once.
create table runs (
    id text primary key,
    vacancy_id text not null references vacancies,
    -- Only whether these are good enough to be shown too; null searches everyone.
    newcomers text [],
    state text not null default 'pending' check (
        state in ('pending', 'running', 'done', 'cancelled', 'failed')
    ),
    due_at timestamptz not null,
    attempts integer not null default 0,
    lease uuid,
    leased_until timestamptz,
    correlation_id text,
    causation_id text,
    check ((state = 'running') = (lease is not null)),
    check ((lease is null) = (leased_until is null))
);
create unique index runs_waiting_key on runs (
    vacancy_id, (newcomers is null)
) where state = 'pending';
create index runs_due_at_idx on runs (due_at) where state in ('pending', 'running');

-- The search ledger: what was looked for, among whom, and who was shown. Never changed afterwards.
create table searches (
    id text primary key references runs,
    vacancy_id text not null,
    vacancy_version bigint not null,
    criteria jsonb not null,
    remarks text [] not null,
    ranker text not null,
    reopened boolean not null,
    newcomers text [],
    known_people integer not null,
    ranked_people integer not null,
    searched_at timestamptz not null
);
create index searches_vacancy_id_idx on searches (vacancy_id);

create table considered (
    search_id text not null references searches,
    outcome text not null,
    numbers bigint [] not null,
    primary key (search_id, outcome)
);

create table shown (
    search_id text not null references searches,
    rank integer not null,
    candidate_id text not null,
    score double precision not null,
    tier text not null,
    readiness text not null,
    application_id text,
    primary key (search_id, rank)
);

-- What was decided and sent afterwards, as it was heard of.
create table afterwards (
    id bigint generated always as identity primary key,
    event_id text not null,
    what text not null check (
        what in (
            'approved', 'declined', 'withdrawn', 'planned', 'contacted', 'interested', 'not_now',
            'has_it_now'
        )
    ),
    candidate_id text not null,
    vacancy_id text,
    shortlist_id text,
    contact_id text,
    at timestamptz not null,
    check (vacancy_id is not null or contact_id is not null)
);
create index afterwards_vacancy_id_idx on afterwards (vacancy_id);
create index afterwards_contact_id_idx on afterwards (contact_id);

-- Why somebody was shown: apart from the ledger, because an erasure takes it away.
create table reasons (
    search_id text not null references searches,
    candidate_id text not null,
    speaking_for jsonb not null,
    speaking_against jsonb not null,
    primary key (search_id, candidate_id)
);
create index reasons_candidate_id_idx on reasons (candidate_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the search ledger is never changed';
end
$$;
create trigger searches_stay before update or delete on searches
for each statement execute function refuse_change();
create trigger considered_stays before update or delete on considered
for each statement execute function refuse_change();
create trigger shown_stays before update or delete on shown
for each statement execute function refuse_change();
create trigger afterwards_stays before update or delete on afterwards
for each statement execute function refuse_change();
