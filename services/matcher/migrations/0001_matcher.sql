-- A number for everyone ever heard of. It outlives an erasure, as the random id does, and lets
-- the index and its searches do without text. Whom several systems turned down has one more for each
-- of them, as which it is searched where the system may not search everybody.
create table people (
    number bigint generated always as identity primary key,
    candidate_id text not null,
    -- The system that sees no more of them than what it told itself; null is all that is known.
    seen_by text,
    -- The transaction of the newest change, by which every replica finds what changed.
    changed_in bigint not null default pg_current_xact_id()::text::bigint,
    changed_at timestamptz not null default clock_timestamp(),
    -- By which version of the analysis the profile was indexed; 0 waits to be.
    analysed integer not null default 0,
    unique nulls not distinct (candidate_id, seen_by)
);
create index people_changed_in_number_idx on people (changed_in, number);
create index people_analysed_changed_at_idx on people (analysed, changed_at);

create table candidates (
    number bigint primary key references people,
    state jsonb not null,
    -- What keeps them off every list, whatever the vacancy and the time.
    barred text,
    -- The systems that turned them down.
    sources text [] not null,
    -- As in `people`.
    seen_by text
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
    -- The newest, the system that gave it, and the newest of each other system.
    profile jsonb not null,
    source text,
    others jsonb not null default '[]',
    -- What the person told us since: their own word.
    news jsonb not null default '[]'
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
    source text not null,
    searches_pool boolean not null,
    opened_at timestamptz not null,
    reopened boolean not null,
    closed_at timestamptz
);
create index vacancies_closed_at_idx on vacancies (closed_at) where vacancy ? 'description';

-- What the newest search of everybody measured of the pool, to rank newcomers by.
create table pool_statistics (
    vacancy_id text primary key references vacancies,
    search_id text not null,
    -- What the statistics hold for: anything else is searched among everybody again.
    ranker text not null,
    asked text not null,
    opened_at timestamptz not null,
    measured_at timestamptz not null,
    statistics bytea not null
);

-- Searches to make. The id is the shortlist's, made from what caused it, so it is made once.
create table search_jobs (
    id text primary key,
    vacancy_id text not null references vacancies,
    -- Only whether these are good enough to be shown too; null searches everyone.
    newcomers text [],
    state text not null default 'pending' check (
        state in ('pending', 'running', 'parked', 'done', 'cancelled')
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
create unique index search_jobs_waiting_key on search_jobs (
    vacancy_id, (newcomers is null)
) where state = 'pending';
create index search_jobs_due_at_idx on search_jobs (due_at)
where state in ('pending', 'running', 'parked');
create index search_jobs_unfinished_idx on search_jobs (vacancy_id)
where state in ('pending', 'running', 'parked');
create index search_jobs_finished_idx on search_jobs (due_at)
where state not in ('pending', 'running');

-- The search ledger: what was looked for, among how many, and who was shown. It is never changed;
-- a search goes, with all that hangs on it, once the law no longer asks for it.
create table searches (
    id text primary key,
    vacancy_id text not null,
    vacancy_version bigint not null,
    criteria jsonb not null,
    remarks jsonb not null,
    ranker text not null,
    weights text not null,
    reopened boolean not null,
    -- How many newcomers it was about; null searched everyone.
    newcomers integer,
    known_people integer not null,
    ranked_people integer not null,
    searched_at timestamptz not null,
    -- The search of shortly before that showed the same people.
    repeats text
);
create index searches_vacancy_id_searched_at_idx on searches (vacancy_id, searched_at);
create index searches_searched_at_idx on searches (searched_at);

create table considered (
    search_id text not null references searches on delete cascade,
    outcome text not null,
    people integer not null,
    -- Which, where the search was about newcomers alone.
    numbers bigint [],
    primary key (search_id, outcome)
);

-- Who was shown, and the next best, with what their scores are made of.
create table ranked (
    search_id text not null references searches on delete cascade,
    rank integer not null,
    candidate_id text not null,
    shown boolean not null,
    score double precision not null,
    relevance double precision not null,
    asked double precision not null,
    past double precision not null,
    tier text not null,
    readiness text not null,
    application_id text,
    -- The day by which the last that is missing is to be there, where something says so.
    ready_on date,
    primary key (search_id, candidate_id)
);

-- Why somebody was shown: apart from the rest, because an erasure takes it away.
create table reasons (
    search_id text not null references searches on delete cascade,
    candidate_id text not null,
    speaking_for jsonb not null,
    speaking_against jsonb not null,
    primary key (search_id, candidate_id)
);
create index reasons_candidate_id_idx on reasons (candidate_id);

-- What was decided and sent afterwards, as it was heard of.
create table afterwards (
    id bigint generated always as identity primary key,
    event_id text not null,
    what text not null check (
        what in (
            'approved', 'declined', 'withdrawn', 'planned', 'contacted', 'interested', 'not_now',
            'has_it_now', 'news', 'still_looking'
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
create index afterwards_at_idx on afterwards (at);

-- Only what is older than a retention job has said, in its own transaction, may go.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the search ledger is never changed';
end
$$;
create function refuse_early_deletion() returns trigger language plpgsql as $$
declare
    kept_from timestamptz := nullif(current_setting('matcher.ledger_kept_from', true), '');
    happened_at timestamptz := (to_jsonb(old) ->> tg_argv[0])::timestamptz;
begin
    if happened_at < kept_from then
        return old;
    end if;
    raise exception 'the search ledger is kept until its time is over';
end
$$;
create function refuse_deletion_alone() returns trigger language plpgsql as $$
begin
    if exists (select from searches where id = old.search_id) then
        raise exception 'the search ledger is kept: this goes with its search';
    end if;
    return old;
end
$$;

create trigger searches_stay before update on searches
for each statement execute function refuse_change();
create trigger considered_stays before update on considered
for each statement execute function refuse_change();
create trigger ranked_stays before update on ranked
for each statement execute function refuse_change();
create trigger afterwards_stays before update on afterwards
for each statement execute function refuse_change();

create trigger searches_last before delete on searches
for each row execute function refuse_early_deletion('searched_at');
create trigger afterwards_last before delete on afterwards
for each row execute function refuse_early_deletion('at');
create trigger considered_lasts before delete on considered
for each row execute function refuse_deletion_alone();
create trigger ranked_lasts before delete on ranked
for each row execute function refuse_deletion_alone();
