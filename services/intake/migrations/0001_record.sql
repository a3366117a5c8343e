-- The record of each person: who they are, what was decided about them, what they agreed to.

-- A person: one or several applicants. What hangs on them goes with the row when they are erased.
create table candidates (
    candidate_id text primary key,
    -- Grows with every published state; 0 for somebody nobody turned down, who is not published.
    version bigint not null default 0 check (version >= 0),
    -- What the claims of their applicants come to.
    personal_data jsonb not null default '{}'
);

-- A person as one source knows them: all that is claimed, and all that they answered to a letter about
-- an application of theirs, hangs on the applicant and follows it from one candidate to another.
create table applicants (
    applicant_key text primary key,
    candidate_id text not null references candidates on delete cascade,
    source text not null,
    -- Name, addresses, locale, zone and country, each with the time and rank of its newest event;
    -- and every name and address the source ever gave, to be taken out of free text.
    personal_data jsonb not null default '{}',
    -- What they put right themselves, in the same form: it wins, whatever the source says later.
    corrected jsonb not null default '{}',
    -- Which channels the source says they refuse, or refuse no longer, each with when it said so.
    refusals jsonb not null default '{}',
    -- A new address, and a new number, until it was shown to be theirs; and by which request it is
    -- asked, so that no earlier one goes there.
    to_verify text,
    to_verify_request text,
    phone_to_verify text,
    phone_to_verify_request text,
    to_verify_since timestamptz,
    -- What holds of the two, but for all they were ever known as: nothing else is shown or gone by.
    put_right jsonb not null
    generated always as ((personal_data || corrected) - 'also_known_as') stored,
    first_email text generated always as ((personal_data || corrected) #>> '{emails,value,0}') stored,
    phone text generated always as ((personal_data || corrected) #>> '{phone,value}') stored,
    -- The words of the name in one order: by it two names agree.
    name_key text,
    -- Whether neither a mail nor a text message can go where their source says.
    reaches_nobody boolean not null default false,
    hat_answered_at timestamptz,
    hat_refused_at timestamptz,
    paused_until timestamptz,
    last_human_contact_at timestamptz not null,
    recorded_at timestamptz not null,
    unique (applicant_key, candidate_id),
    check (num_nulls(to_verify, to_verify_request) in (0, 2)),
    check (num_nulls(phone_to_verify, phone_to_verify_request) in (0, 2)),
    check ((num_nonnulls(to_verify, phone_to_verify) = 0) = (to_verify_since is null))
);
create index applicants_candidate_id_idx on applicants (candidate_id);
create index applicants_first_email_name_key_idx on applicants (first_email, name_key)
where first_email is not null;
create index applicants_phone_idx on applicants (phone) where phone is not null;
create index applicants_reaches_nobody_idx on applicants (candidate_id) where reaches_nobody;
create index applicants_to_verify_since_idx on applicants (to_verify_since)
where to_verify_since is not null;
create index applicants_last_human_contact_at_idx on applicants (last_human_contact_at, applicant_key);

-- How many people left the record, and why: how many by the law of which country, for the report.
create table departures (
    day date not null,
    reason text not null check (reason in ('retention', 'erased', 'erased_by_source')),
    country text not null,
    people bigint not null check (people > 0),
    primary key (day, reason, country)
);

-- What may have to be said of a decision once its person has left: their ids, the job, the days and the
-- code of the reason, sealed.
create table held_decisions (
    candidate_id text not null,
    applicant_key text not null,
    application_id text not null,
    keep_until timestamptz not null,
    sealed bytea not null,
    primary key (applicant_key, application_id)
);
create index held_decisions_candidate_id_idx on held_decisions (candidate_id);
create index held_decisions_keep_until_idx on held_decisions (keep_until);

-- Of which candidates an applicant was before: the links that were sent then still lead to it.
create table former_memberships (
    candidate_id text not null,
    applicant_key text not null references applicants on delete cascade,
    -- Once another of that candidate who had an address in common with this one was erased: whatever
    -- speaks of no application may have been sent to them.
    only_by_application boolean not null default false,
    primary key (candidate_id, applicant_key)
);
create index former_memberships_applicant_key_idx on former_memberships (applicant_key);

-- What was decided about two applicants, beyond what their names and addresses say by themselves:
-- by a human, or by a press on a page whose link was sent to the address that both had.
create table joins (
    join_id text primary key,
    applicant_key text not null references applicants on delete cascade,
    other_key text not null references applicants on delete cascade,
    verdict text not null check (verdict in ('same', 'different')),
    because text not null check (because in ('operator', 'verified')),
    -- The address that the link was sent to: only while both have it are they one by that.
    address text,
    decided_at timestamptz not null,
    unique (applicant_key, other_key),
    check (applicant_key < other_key),
    check ((because = 'verified') = (address is not null))
);
create index joins_other_key_idx on joins (other_key);

-- Candidate ids that are no more: joined to another, or erased. Nothing makes them again. And those
-- of recruiters who have left, so that a topic that was lost gets all its tombstones again.
create table former_candidates (
    candidate_id text primary key,
    ended_at timestamptz not null
);

-- By what an applicant is recognised: keyed hashes of source with applicant id. They outlive an
-- erasure, so that nobody comes back with the next synchronisation; what is decided after it begins
-- a new record. Beside them stand hashes of addresses, on which those wait for each other who record
-- two people with one new address.
create table identities (
    hash bytea primary key check (octet_length(hash) = 16),
    applicant_key text not null,
    erased_at timestamptz,
    -- Whether their source has merged them into another one, whose id it goes by since.
    is_former boolean not null default false,
    -- Whether they were merged before anybody was told of by this id.
    is_awaited boolean not null default false
);
create index identities_applicant_key_idx on identities (applicant_key);

-- What a source itself calls its applicants: so it hears of them again.
create table applicant_ids (
    applicant_key text not null references applicants on delete cascade,
    source_applicant_id text not null,
    -- As in identities, under the key of the day on which it was first heard.
    hash bytea not null check (octet_length(hash) = 16),
    primary key (applicant_key, source_applicant_id)
);

-- What an applicant shares with those who may be the same person: keyed hashes of each address and
-- telephone number they ever had, and of the first address with the name. By the latter whoever erased themself does not come back from another
-- source either.
create table likenesses (
    hash bytea not null check (octet_length(hash) = 16),
    applicant_key text not null,
    erased_at timestamptz,
    primary key (hash, applicant_key)
);
create index likenesses_applicant_key_idx on likenesses (applicant_key);
create index likenesses_erased_hash_idx on likenesses (hash) where erased_at is not null;

-- What is left of all names of whoever erased themself, or whose time was over: by a keyed hash of each
-- address that they had those of the words of a name, and of their first letters, each hashed with the
-- address. So another source's copy of what was decided before is known though it names them otherwise.
create table erased_names (
    address bytea not null check (octet_length(address) = 16),
    parts bytea not null check (octet_length(parts) % 16 = 0),
    erased_at timestamptz not null
);
create index erased_names_address_idx on erased_names (address);

-- Numbers events in the order in which they were received: of two with one time, within a source,
-- the one received later holds.
create sequence receipts as bigint;

create table applications (
    candidate_id text not null,
    applicant_key text not null,
    -- As published: the source's own id, unless the person has another application of that id.
    application_id text not null,
    source text not null,
    source_application_id text not null,
    -- What was decided last, by its moment and rank; facts of a rejection have their own.
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
    -- Where the system that told of it shows the application.
    application_url text,
    -- When the person was told the outcome, and of a decision of when; not known of one that was heard
    -- only after that letter had left.
    answered_at timestamptz,
    answered_for timestamptz,
    -- The application whose letter told of it, where that was not its own.
    answered_with text,
    -- When the decision that stands was heard first.
    heard_at timestamptz,
    -- What was decided last of all that is no rejection, and as of when, whatever was decided since.
    taken_back_at timestamptz,
    taken_back_rank text collate "C",
    taken_back_as text check (taken_back_as in ('unrejected', 'hired', 'withdrawn')),
    -- Since when they work here by it: what is decided of it soon after puts it away and ends nothing.
    hired_at timestamptz generated always as (
        case
            when status = 'hired' then decided_at
            when
                status = 'rejected' and taken_back_as = 'hired'
                and decided_at - taken_back_at <= interval '90 days'
                then taken_back_at
        end
    ) stored,
    -- When a letter that was to tell them last ended without certainly reaching them.
    tried_at timestamptz,
    primary key (candidate_id, application_id),
    unique (applicant_key, source_application_id),
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade,
    check (num_nulls(rejection, rejection_time, rejection_rank) in (0, 3)),
    check (num_nulls(taken_back_at, taken_back_rank, taken_back_as) in (0, 3)),
    check (status <> 'rejected' or rejection is not null)
);

create index applications_source_source_application_id_candidate_id_idx
on applications (source, source_application_id, candidate_id);

-- Sources that have turned down several people under one application id: what such a source says of
-- somebody of whom nothing is known it says of nobody else.
create table sources_of_shared_ids (source text primary key);

-- A title as two systems may both write it: without case, and without what says that everybody may
-- apply, as in "Data Engineer (m/f/d)".
create function compared_title(title text) returns text
language sql immutable parallel safe
as $$
    select btrim(regexp_replace(
        lower(title),
        '[\(\[]\s*(all genders|alle geschlechter|gn|[mwfhdxi]|div(ers|\.)?)'
        '(\s*[/|*,:]\s*([mwfhdxi]|div(ers|\.)?))*\s*[\)\]]'
        '|\m[mwfh]\s*[/|*]\s*[mwfh](\s*[/|*]\s*([dxi]|div(ers|\.)?))?(?![\w/])',
        '',
        'g'
    ), ' ,|/-–');
$$;

-- What is said last of one application of a source holds, whichever applicant id it came under: what
-- else is known of the same person's, of the same vacancy or of none; and what takes it back under the
-- applicant id of somebody who is another person by all that is known, but may be the same. That is who
-- was turned down for the same vacancy, or not at all, and has a name that can be the same person's, or
-- where that cannot be told the same address. It is also whoever was not turned down where nobody else
-- was under that id: whatever their name, if it was a rejection that was taken back, as theirs it cannot
-- have been; else if nothing is known of them. Not every source keeps its ids unique among people, and
-- an id that so many have tells of no one application.
-- A decision that was taken back and made again is another one: what told of the former, which was
-- taken back at `back_at`, tells nothing of it.
create view last_words as
select
    one.applicant_key, one.source_application_id, said.is_superseded, former.back_at,
    (
        select max(told.answered_at) from applications as told
        where told.candidate_id = one.candidate_id and told.source = one.source
        and told.source_application_id = one.source_application_id
        and told.rejection ->> 'vacancyId' is not distinct from one.rejection ->> 'vacancyId'
        and (former.back_at is null or told.answered_for > former.back_at)
    ) as told_at
from applications as one
cross join lateral (
    select
        coalesce(
            bool_or((it.time, it.rank) > (one.status_time, one.status_rank)), false
        ) as is_superseded,
        max(it.taken_back_at) as taken_back_at
    from (
        select status_time as time, status_rank as rank, taken_back_at from applications as own
        where own.candidate_id = one.candidate_id and own.source = one.source
        and own.source_application_id = one.source_application_id
        and (
            own.rejection is null
            or own.rejection ->> 'vacancyId' is not distinct from one.rejection ->> 'vacancyId'
        )
        union all
        select
            case when is_alike then greatest(taken_back_at, hired_until) else taken_back_at end,
            taken_back_rank, taken_back_at
        from (
            select
                few.*, is_alike,
                num_nonnulls(theirs.name_key, theirs.first_email) = 0 as is_unknown,
                count(*) over () as holding,
                bool_or(
                    rejection is not null and not is_alike
                    and few.candidate_id <> one.candidate_id
                ) over () as is_of_several
            from (
                select
                    applicant_key, candidate_id, rejection, taken_back_at, taken_back_rank,
                    taken_back_as, hired_at + interval '90 days' as hired_until
                from applications
                where source = one.source and source_application_id = one.source_application_id
                limit 6
            ) as few
            inner join applicants as theirs on theirs.applicant_key = few.applicant_key
            inner join applicants as ours on ours.applicant_key = one.applicant_key
            cross join lateral (
                select
                    string_to_array(ours.name_key, ' ') as name,
                    string_to_array(theirs.name_key, ' ') as other_name
            ) as words
            cross join lateral (
                select
                    coalesce(
                        name <@ other_name or other_name <@ name,
                        ours.first_email = theirs.first_email, false
                    ) as is_alike
            ) as compared
        ) as other
        where other.candidate_id <> one.candidate_id and holding < 6
        and case
            when is_alike
                then
                    rejection is null
                    or rejection ->> 'vacancyId' is not distinct from one.rejection ->> 'vacancyId'
            else
                not is_of_several and (is_unknown or taken_back_as = 'unrejected')
                and not exists (
                    select 1 from sources_of_shared_ids as known where known.source = one.source
                )
        end
    ) as it
) as said
cross join lateral (
    select
        case
            when (one.rejection ->> 'decidedAt')::timestamptz > said.taken_back_at
                then said.taken_back_at
        end as back_at
) as former;

-- As what an application was published at whom, once it is published as something else: letters of
-- that time are about it.
create table former_application_ids (
    candidate_id text not null,
    application_id text not null,
    applicant_key text not null,
    source_application_id text not null,
    primary key (candidate_id, application_id, applicant_key, source_application_id),
    foreign key (applicant_key, source_application_id)
    references applications (applicant_key, source_application_id) on delete cascade
);
create index former_application_ids_applicant_key_idx
on former_application_ids (applicant_key, source_application_id);

-- What a person told us they have by now, though it was missing when they were declined.
create table closed_gaps (
    candidate_id text not null,
    application_id text not null,
    requirement_id text not null,
    closed_at date not null,
    primary key (candidate_id, application_id, requirement_id),
    foreign key (candidate_id, application_id) references applications
    on delete cascade on update cascade
);

-- What a person told us has changed since they applied: their own word, and no proof.
create table news (
    applicant_key text not null,
    candidate_id text not null,
    kind text not null check (kind in ('skill', 'licence', 'degree', 'job', 'place')),
    -- As the matcher may read it.
    name text not null,
    told_at timestamptz not null,
    primary key (applicant_key, kind, name),
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index news_candidate_id_idx on news (candidate_id);

create table profiles (
    applicant_key text primary key,
    candidate_id text not null,
    -- As it came, and as it is published where names and addresses had to be taken out.
    profile json not null,
    scrubbed json,
    profile_time timestamptz not null,
    profile_rank text collate "C" not null,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index profiles_candidate_id_idx on profiles (candidate_id);

-- Chains of consent entries, one for each applicant, so that nobody waits for another's. Of a person who
-- has left the chain is nobody's, and stays for as long as the consents in it may have to be shown.
create table consent_chains (
    chain text primary key default gen_random_uuid()::text,
    applicant_key text,
    candidate_id text,
    -- Of the newest entry; only a new one changes them.
    length bigint not null default 0,
    head bytea not null default '',
    keep_until timestamptz,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete set null on update cascade,
    check (num_nulls(applicant_key, candidate_id) in (0, 2)),
    check (applicant_key is not null or keep_until is not null)
);
create index consent_chains_candidate_id_idx on consent_chains (candidate_id);
create index consent_chains_applicant_key_idx on consent_chains (applicant_key);
create index consent_chains_keep_until_idx on consent_chains (keep_until) where applicant_key is null;

-- What somebody agreed to and stopped, and the ends of both. Entries are added and never changed; each
-- holds the hash of the one before it. It says nothing of anybody but random ids, so that it stays
-- whole when they are erased.
create table consent_entries (
    chain text not null,
    position bigint not null,
    previous bytea not null,
    hash bytea not null check (octet_length(hash) = 32),
    -- Whoever said it, as they were known then.
    candidate_id text not null,
    applicant_key text not null,
    act text not null check (act in ('agreed', 'ended', 'stopped', 'lifted')),
    purpose text check (purpose in ('similar_opening', 'when_qualified', 'now_and_then')),
    channel text not null check (channel in ('email', 'sms')),
    at timestamptz not null,
    until timestamptz check (until > at),
    how text not null,
    wording_version text,
    -- The entry of the chain that this one ends.
    ends bigint,
    -- The applicant whose letter was answered with the yes that lifted a stop.
    lifted_by text,
    primary key (chain, position),
    unique (chain, ends),
    check ((act in ('agreed', 'ended')) = (purpose is not null)),
    check ((act = 'agreed') = (until is not null)),
    check ((act = 'agreed') = (wording_version is not null)),
    check ((act in ('ended', 'lifted')) = (ends is not null)),
    check (act = 'lifted' or lifted_by is null)
);
create index consent_entries_candidate_id_idx on consent_entries (candidate_id);
create index consent_entries_applicant_key_idx on consent_entries (applicant_key);

-- Links an entry to its applicant's chain. What is hashed is the hash before, and this entry as a JSON
-- array; moments are microseconds since 1970.
create function chain_consent_entry() returns trigger
language plpgsql security definer set search_path from current set enable_seqscan to off
as $$
declare
    link consent_chains;
begin
    if new.chain is null then
        select * into link from consent_chains
        where applicant_key = new.applicant_key
        -- An order that no index has: else a plan made while there are few may read them all.
        order by length desc, chain limit 1
        for update;
    else
        select * into strict link from consent_chains where chain = new.chain for update;
    end if;
    if link.chain is null then
        insert into consent_chains (applicant_key, candidate_id)
        values (new.applicant_key, new.candidate_id)
        returning * into link;
    end if;
    new.chain := link.chain;
    new.position := link.length + 1;
    new.previous := link.head;
    new.hash := sha256(new.previous || convert_to(json_build_array(
        new.chain, new.position, new.candidate_id, new.applicant_key, new.act, new.purpose,
        new.channel, (extract(epoch from new.at) * 1000000)::bigint,
        (extract(epoch from new.until) * 1000000)::bigint, new.how, new.wording_version, new.ends,
        new.lifted_by
    )::text, 'UTF8'));
    update consent_chains set length = new.position, head = new.hash where chain = new.chain;
    return new;
end
$$;
create trigger consent_entries_chain before insert on consent_entries
for each row execute function chain_consent_entry();

-- A chain is taken from nobody who is in the record.
create function keep_consent_chain() returns trigger
language plpgsql security definer set search_path from current
as $$
begin
    if exists (select from applicants where applicants.applicant_key = old.applicant_key) then
        raise insufficient_privilege using message = 'the chain is that of somebody in the record';
    end if;
    return new;
end
$$;
create trigger consent_chains_keep before update on consent_chains
for each row when (old.applicant_key is not null and new.applicant_key is null)
execute function keep_consent_chain();

-- Says until when chains may have to be shown once their people have left: never for less than was said.
create function keep_consents(keys text [], untils timestamptz []) returns void
language sql security definer set search_path from current
as $$
    update consent_chains set keep_until = greatest(keep_until, leaving.until)
    from unnest(keys, untils) as leaving (applicant_key, until)
    where consent_chains.applicant_key = leaving.applicant_key
$$;

-- What nobody can be asked to show any more: whole chains of people who have left, all of whose
-- applicants have, by the clock of the database too.
create function forget_consents(before timestamptz, at_most integer) returns bigint
language sql security definer set search_path from current
as $$
    with over as (
        select chain from consent_chains
        where applicant_key is null and keep_until < least(before, clock_timestamp())
        and not exists (
            select from consent_entries inner join applicants using (applicant_key)
            where consent_entries.chain = consent_chains.chain
        )
        order by keep_until limit at_most
        for update skip locked
    ),
    entries as (
        delete from consent_entries using over where consent_entries.chain = over.chain
    ),
    chains as (
        delete from consent_chains using over where consent_chains.chain = over.chain
        returning over.chain
    )
    select count(*) from chains
$$;
revoke update, delete on consent_entries from notyet_intake;
revoke update, delete on consent_chains from notyet_intake;
grant update (applicant_key, candidate_id) on consent_chains to notyet_intake;

-- What each applicant agreed to, and when that ended, ended ones too. Text messages are not sent on the
-- word of a source.
create view consents as
select
    consent_chains.candidate_id, consent_chains.applicant_key, given.chain, given.position,
    given.purpose, given.channel, given.at as granted_at, given.until, given.how,
    given.wording_version, over.at as ended_at, over.how as ended_how
from consent_chains
inner join consent_entries as given on given.chain = consent_chains.chain
left join consent_entries as over on over.chain = given.chain and over.ends = given.position
where consent_chains.applicant_key is not null
and given.act = 'agreed' and (given.how <> 'source' or given.channel = 'email');

-- A stop holds for every applicant of the person who said it, also once they are two again.
create view channel_stops as
select
    consent_chains.candidate_id, consent_chains.applicant_key, made.chain, made.position,
    made.channel, made.at as stopped_at, made.how, lifted.at as lifted_at, lifted.how as lifted_how,
    lifted.lifted_by
from consent_chains
inner join consent_entries as made on made.chain = consent_chains.chain
left join consent_entries as lifted on lifted.chain = made.chain and lifted.ends = made.position
where consent_chains.applicant_key is not null and made.act = 'stopped';

-- What people said themselves of what is written to them: stops that hold, and a yes that lifted one. Not
-- that a stop of another holds for them too, nor what a system or a number says.
create view own_words as
select candidate_id, applicant_key, channel, stopped_at as at, false as opens
from channel_stops
where lifted_at is null and how not in ('mailbox', 'source', 'sms')
and (how <> 'provider' or channel = 'email')
union all
select stop.candidate_id, stop.applicant_key, channel, lifted_at, true
from channel_stops as stop
inner join applicants as lifter
    on lifter.applicant_key = stop.lifted_by and lifter.candidate_id = stop.candidate_id;

-- Telephone numbers that said stop, as keyed hashes: it holds for whoever gets the number later, and
-- whether or not anybody is known to have it. They outlive an erasure without telling whose they were.
create table stopped_numbers (
    hash bytea primary key check (octet_length(hash) = 16),
    stopped_at timestamptz not null
);

-- What is left of the stops of those who have left the record: by keyed hashes as in erased_names, so that
-- nobody who may be them is written to at an address of theirs.
create table stopped_mailboxes (
    address bytea not null check (octet_length(address) = 16),
    parts bytea not null check (octet_length(parts) % 16 = 0),
    channel text not null check (channel in ('email', 'sms')),
    stopped_at timestamptz not null
);
create index stopped_mailboxes_address_idx on stopped_mailboxes (address);

-- Who wrote what no machine reads, until a human has looked: by text message, by mail, or on their page.
create table unread_replies (
    applicant_key text not null,
    how text not null check (how in ('sms', 'page', 'mail')),
    candidate_id text not null,
    since timestamptz not null,
    -- The applicant whose mail it was, where they wrote none themselves but may be who did.
    because_of text check (because_of is null or how = 'mail'),
    primary key (applicant_key, how),
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index unread_replies_candidate_id_idx on unread_replies (candidate_id);
create index unread_replies_because_of_idx on unread_replies (because_of) where because_of is not null;

-- Answers to our mails that recruiters may read; their words are in the timeline.
create table mail_replies (
    reply_id text primary key,
    candidate_id text not null,
    applicant_key text not null,
    -- Our mail, what it was for, the vacancy and the application that it was about, the contact it was
    -- and in which words.
    message_id text not null,
    purpose text,
    vacancy_id text,
    application_id text,
    contact_id text,
    wording_version text not null default '',
    received_at timestamptz not null,
    -- Since when nobody need read it any more: at once where it asked for silence alone.
    settled_at timestamptz,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index mail_replies_candidate_id_message_id_idx on mail_replies (candidate_id, message_id);
create index mail_replies_applicant_key_received_at_idx on mail_replies (applicant_key, received_at);

-- When somebody last answered a mail of ours in their own words, and when a human had read all of it.
create view mail_answers as
select
    candidate_id, message_id, max(received_at) as wrote_at,
    case
        when bool_and(settled_at is not null)
            then max(settled_at) filter (where settled_at > received_at)
    end as read_at
from mail_replies
group by candidate_id, message_id;

-- Everything that was ever said and decided, without contact data.
create table timeline (
    id bigint generated always as identity primary key,
    candidate_id text not null,
    applicant_key text not null,
    at timestamptz not null,
    kind text not null check (kind ~ '^[a-z_]+$'),
    facts jsonb not null default '{}',
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index timeline_candidate_id_at_idx on timeline (candidate_id, at);
create index timeline_applicant_key_idx on timeline (applicant_key);

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
create index vacancies_source_event_time_idx on vacancies (source, event_time)
where status = 'open';

-- Each source's own: what one says of somebody changes nothing of what another said.
create table recruiters (
    recruiter_id text primary key,
    version bigint not null default 0,
    source text not null,
    email text not null,
    name text not null,
    locale text,
    time_zone text,
    -- In E.164, of those who would rather hear of interests by text message.
    mobile text,
    event_time timestamptz not null,
    event_id text collate "C" not null,
    -- When links to their shortlists were asked for with their address, within a day.
    links_requested_at timestamptz [] not null default '{}',
    -- Whoever hears where a vacancy has no recruiters: nothing but our settings names them.
    is_desk boolean not null default false,
    unique (source, email),
    check (is_desk = (source = '/notyet/intake'))
);
create index recruiters_email_idx on recruiters (email);
create index recruiters_event_time_idx on recruiters (event_time);
create index recruiters_desk_idx on recruiters (recruiter_id) where is_desk;

create table recruiter_vacancies (
    vacancy_id text not null references vacancies on delete cascade,
    recruiter_id text not null references recruiters,
    -- Since when it is theirs.
    assigned_at timestamptz,
    primary key (vacancy_id, recruiter_id)
);
create index recruiter_vacancies_recruiter_id_idx on recruiter_vacancies (recruiter_id);

-- Who may post and read; the key itself is shown once and kept only as a hash.
create table api_keys (
    key_id text primary key,
    source text not null,
    scopes text [] not null check (
        scopes <@ array['rejections', 'vacancies', 'imports', 'candidates', 'deliveries']
    ),
    hash bytea not null check (octet_length(hash) = 32),
    created_at timestamptz not null,
    -- To the minute.
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- Systems that call us with what happens in them. A name is a source, as an API key's is.
create table sources (
    name text primary key,
    system text not null,
    -- What its calls are signed with, sealed, the newest first: two while it is being replaced.
    secrets bytea [] not null check (cardinality(secrets) between 1 and 2),
    -- Who tells people no, and of which vacancies somebody else does, by their id there.
    speaks text not null check (speaks in ('us', 'question', 'source')),
    speaks_of jsonb not null default '{}',
    -- What its own words mean, as its adapter reads them.
    options jsonb not null default '{}',
    -- To whom nobody writes any more: days since the decision, and since they applied.
    letter_days integer not null check (letter_days >= 0),
    applied_days integer not null check (applied_days >= 0),
    added_at timestamptz not null,
    -- Until then what it says is looked at, and not recorded.
    started_at timestamptz,
    -- Since then again, but for what ends something.
    paused_at timestamptz,
    -- The calls that were not believed, and why the last was not.
    refused integer not null default 0,
    refused_at timestamptz,
    refused_because text,
    -- What its API is read with, sealed, and where that is, if not where it is for everybody.
    api_token bytea,
    api_url text,
    -- The API took that token no more: nothing is read until there is a new one.
    api_refused_at timestamptz,
    -- The API is busy or away: nothing is read until then.
    api_rests_until timestamptz,
    -- Until when nobody looks for what it does not call about, and up to where that was read.
    look_at timestamptz,
    looked_until text,
    check (paused_at is null or started_at is not null),
    check (num_nulls(refused_at, refused_because) in (0, 2)),
    check (api_refused_at is null or api_token is not null)
);

-- The jobs that a source itself called confidential, and what it said last of each.
create table confidential_jobs (
    source text not null,
    job_id text not null,
    is_confidential boolean not null,
    said_at timestamptz not null,
    primary key (source, job_id)
);

-- Their calls as they came, encrypted, and what was made of each.
create table deliveries (
    id bigint generated always as identity primary key,
    source text not null references sources,
    -- The hash of what the system knows it by.
    key bytea not null check (octet_length(key) = 32),
    received_at timestamptz not null,
    -- Its number in the order of receipt; of one that only hints at something, that of the answer.
    receipt bigint not null default nextval('receipts'),
    record bytea not null,
    -- How often it came again.
    repeats integer not null default 0,
    state text not null default 'waiting' check (
        state in ('asking', 'waiting', 'tried', 'recorded', 'ignored', 'untranslatable')
    ),
    -- Of one that only hints at something: how often its system was asked about it, until when
    -- nobody else does, and when it answered; what it answered is in the record.
    asks integer check (asks >= 0),
    ask_at timestamptz,
    read_at timestamptz,
    -- Where it names the file of a résumé: when that is read next, and how often it was tried;
    -- what was read in it is in the record.
    resume_at timestamptz,
    resume_tries integer not null default 0 check (resume_tries >= 0),
    -- What was made of it, or why nothing was, in words; nothing of anybody.
    summary text,
    notes text [] not null default '{}',
    -- The types of the events that it became.
    event_types text [] not null default '{}',
    -- Keyed hashes of the applicants whom it is about, as far as it could be read.
    about bytea [] not null default '{}',
    -- The search for erased people that is still to look at the row, once it has been read.
    search_due bigint default 0,
    unique (source, key),
    check (state = 'asking' or (state = 'waiting') = (summary is null)),
    check (state <> 'asking' or (ask_at is not null and read_at is null)),
    check (num_nulls(asks, ask_at) in (0, 2))
);
create index deliveries_asking_idx on deliveries (source, ask_at) where state = 'asking';
create index deliveries_waiting_idx on deliveries (id) where state = 'waiting';
create index deliveries_search_due_idx on deliveries (id)
where search_due is not null and state not in ('asking', 'waiting');
create index deliveries_source_state_idx on deliveries (source, state)
where state in ('asking', 'waiting', 'untranslatable');
create index deliveries_source_received_at_idx on deliveries (source, received_at);
create index deliveries_received_at_idx on deliveries (received_at);
create index deliveries_resume_at_idx on deliveries (source, resume_at)
where resume_at is not null;
create index deliveries_about_idx on deliveries using gin (about)
where state in ('ignored', 'untranslatable');

-- By what deliveries are known again, for good: not every system signs the time, and then a call that
-- was once genuine is so for ever.
create table delivery_keys (
    source text not null,
    key bytea not null,
    primary key (source, key)
);

-- Where a source hears what became of its applicants: an address of its own, or else the notes that
-- are written in it.
create table endpoints (
    endpoint_id text primary key,
    source text not null,
    url text,
    -- What calls are signed with, sealed, the newest first: with both while it is being replaced.
    secrets bytea [] not null check (cardinality(secrets) <= 2),
    added_at timestamptz not null,
    -- How often in a row nothing got through, since when, and until when it is left alone.
    failures integer not null default 0 check (failures >= 0),
    failing_since timestamptz,
    rests_until timestamptz,
    problem text,
    disabled_at timestamptz,
    disabled_because text,
    check ((url is null) = (cardinality(secrets) = 0)),
    check ((failures = 0) = (failing_since is null)),
    check (num_nulls(disabled_at, disabled_because) in (0, 2))
);
create unique index endpoints_notes_key on endpoints (source) where url is null;
create index endpoints_source_idx on endpoints (source);

-- What each of them is told: ids, codes and times, and nothing else of anybody.
create table outgoing (
    id bigint generated always as identity primary key,
    endpoint_id text not null references endpoints on delete cascade,
    -- Nobody's once they are erased: that alone is told then.
    applicant_key text references applicants on delete cascade,
    event_id text not null,
    source_applicant_id text not null,
    source_application_id text,
    source_vacancy_id text,
    what text not null,
    channels text [] not null default '{}',
    at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
    tries integer not null default 0 check (tries >= 0),
    -- Since when it is tried, and until when nobody else does.
    waits_since timestamptz not null default clock_timestamp(),
    due_at timestamptz not null default clock_timestamp(),
    problem text,
    unique (endpoint_id, event_id)
);
create index outgoing_waiting_idx on outgoing (endpoint_id, source_applicant_id, id)
where state = 'waiting';
create index outgoing_due_idx on outgoing (endpoint_id, due_at) where state = 'waiting';
create index outgoing_not_delivered_idx on outgoing (endpoint_id)
where state in ('waiting', 'given_up');
create index outgoing_applicant_key_idx on outgoing (applicant_key);
create index outgoing_waits_since_idx on outgoing (waits_since);

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
    candidate_id text not null,
    applicant_key text not null,
    message_id text not null,
    question text not null check (question in ('hat', 'interest', 'news', 'note')),
    answer text not null,
    -- The one that the message was about.
    vacancy_id text,
    answered_at timestamptz not null,
    primary key (candidate_id, message_id, question),
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade,
    check (
        case question
            when 'hat' then answer in ('yes', 'no')
            when 'interest' then answer in ('interested', 'not_now')
            when 'news' then answer = 'still_looking'
            else true
        end
    )
);
create index answers_applicant_key_idx on answers (applicant_key);

-- What the short links in text messages stand for: found by a keyed hash of a token that is kept
-- nowhere. A recruiter's is nobody's in the record.
create table short_links (
    token_hash text primary key,
    candidate_id text,
    applicant_key text,
    purpose text not null,
    claims jsonb not null,
    expires_at timestamptz not null,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade,
    check (num_nulls(candidate_id, applicant_key) in (0, 2))
);
create index short_links_applicant_key_idx on short_links (applicant_key);
create index short_links_expires_at_idx on short_links (expires_at);

-- Whom the matcher found for a vacancy, as it said it.
create table shortlists (
    shortlist_id text primary key,
    vacancy_id text not null,
    vacancy_title text not null,
    continues boolean not null,
    considered integer not null check (considered >= 0),
    -- How many were listed; some of them may have left the record since.
    listed integer not null check (listed >= 0),
    ranked_at timestamptz not null,
    -- How many more may fit, who come after those listed.
    ranked_lower integer not null default 0 check (ranked_lower >= 0),
    -- Whether it stands beside the lists before it.
    of_newcomers boolean not null default false
);
create index shortlists_vacancy_id_idx on shortlists (vacancy_id);
create index shortlists_ranked_at_idx on shortlists (ranked_at);

create table shortlisted (
    shortlist_id text not null references shortlists on delete cascade,
    candidate_id text not null references candidates on delete cascade,
    rank integer not null,
    -- As the matcher said it, which may know more members than this version does.
    tier text not null,
    -- The role that a runner-up just missed out on.
    missed text,
    readiness text not null,
    -- The day by which the last that is missing is to be there, where something says so.
    ready_on date,
    -- Set when approving continues that application instead of inviting anew.
    application_id text,
    -- What speaks for and against them: codes with facts, worded where they are shown.
    reasons_for jsonb not null,
    reasons_against jsonb not null,
    primary key (shortlist_id, candidate_id)
);
create index shortlisted_candidate_id_idx on shortlisted (candidate_id);

-- One decision about each: the first that was made, or the next after an approval was taken back.
create table shortlist_decisions (
    shortlist_id text not null,
    candidate_id text not null,
    recruiter_id text not null,
    choice text not null check (choice in ('approved', 'declined')),
    because text,
    decided_at timestamptz not null,
    -- When an approval was passed on: at once, or, of those who just missed out on a vacancy that is
    -- open again, once it was their turn.
    asked_at timestamptz,
    -- Set when an approval holds no longer.
    withdrawn_at timestamptz,
    withdrawn_because text check (withdrawn_because in ('vacancy_closed', 'taken_back')),
    -- Set when a recruiter took it back, also where the vacancy has closed since.
    taken_back_at timestamptz,
    primary key (shortlist_id, candidate_id),
    foreign key (shortlist_id, candidate_id) references shortlisted
    on delete cascade on update cascade,
    check ((choice = 'declined') = (because is not null)),
    check (choice = 'approved' or num_nonnulls(asked_at, withdrawn_at) = 0),
    check ((withdrawn_at is null) = (withdrawn_because is null)),
    check (withdrawn_because is distinct from 'taken_back' or taken_back_at is not null),
    check (taken_back_at is null or withdrawn_at is not null)
);
create index shortlist_decisions_closed_idx on shortlist_decisions (candidate_id)
where withdrawn_because = 'vacancy_closed';
create index shortlist_decisions_waiting_idx on shortlist_decisions (shortlist_id)
where choice = 'approved' and asked_at is null and withdrawn_at is null;

-- Who would like to talk, or says that they have by now what was missing, until it is known how that
-- ended. One of a message is open at a time.
create table interests (
    interest_id text primary key,
    candidate_id text not null,
    applicant_key text not null,
    message_id text not null,
    -- What was answered, and how.
    purpose text,
    answer text not null check (answer in ('interested', 'has_it_now')),
    contact_id text,
    application_id text,
    -- The one they were invited to, else the one they had applied for.
    vacancy_id text,
    vacancy_title text,
    raised_at timestamptz not null,
    ended_at timestamptz,
    ended_as text check (
        ended_as in (
            'talking', 'hired', 'not_this_time', 'withdrawn', 'taken_back', 'vacancy_closed',
            'unanswered'
        )
    ),
    -- Set where a recruiter has said something of it.
    ended_by text,
    -- When the vacancy closed while they were talking. Until somebody says how that ended it is open.
    closed_at timestamptz,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade,
    check (num_nulls(ended_at, ended_as) in (0, 2)),
    check (ended_by is null or ended_as in ('talking', 'hired', 'not_this_time'))
);
create unique index interests_applicant_key_message_id_key on interests (applicant_key, message_id)
where ended_at is null;
create index interests_applicant_key_idx on interests (applicant_key);
create index interests_vacancy_id_candidate_id_idx on interests (vacancy_id, candidate_id);
create index interests_raised_at_idx on interests (raised_at) where ended_at is null;

-- Interests of people who asked to be erased: random ids alone, so that recruiters who still have a
-- link to one read what became of it.
create table erased_interests (
    interest_id text primary key,
    erased_at timestamptz not null
);
create index erased_interests_erased_at_idx on erased_interests (erased_at);

-- When each interest's end was told: by what left since, of the list that they were invited from, or
-- else of the same application.
create view told_ends as
select interests.interest_id, told.at as told_at
from interests
inner join timeline as told
    on told.candidate_id = interests.candidate_id and told.at >= interests.ended_at
    and told.kind in ('message_sent', 'message_uncertain')
    and told.facts ->> 'purpose' = 'outcome'
left join lateral (
    select invited.facts ->> 'shortlistId' as shortlist_id
    from timeline as invited
    where invited.candidate_id = interests.candidate_id
    and invited.kind in ('message_sent', 'message_uncertain')
    and invited.facts ->> 'messageId' = interests.message_id
    limit 1
) as answered on true
where interests.ended_as in ('not_this_time', 'vacancy_closed', 'unanswered')
and case
    when answered.shortlist_id is not null
        then told.facts ->> 'shortlistId' = answered.shortlist_id
    else
        told.facts ->> 'shortlistId' is null
        and coalesce(
            told.facts ->> 'applicationId' = interests.application_id, true
        )
end;

-- Text messages that have had their effect. Kept for good, for they say nothing about anybody:
-- Twilio's signature carries no time, so a request that was once genuine is so for ever.
create table sms_received (
    provider text not null,
    message_id text not null,
    received_at timestamptz not null,
    primary key (provider, message_id)
);

-- By what calls of a provider that signs no more than a token, and mails to us, are known again.
create table mail_tokens (
    hash bytea primary key,
    taken_at timestamptz not null
);
create index mail_tokens_taken_at_idx on mail_tokens (taken_at);

-- Amazon's certificates that signed something genuine: anybody can name others, and keep us busy.
create table sns_certificates (
    url text primary key,
    pem bytea not null,
    until timestamptz not null
);

-- How a message ended as its provider reported it. The first end is the end of a text message; a
-- mail that arrived may come back later, or be complained about.
create table delivery_reports (
    message_id text primary key,
    candidate_id text not null,
    applicant_key text not null,
    outcome text not null check (
        outcome in ('delivered', 'bounced', 'failed', 'opted_out', 'complained')
    ),
    reported_at timestamptz not null,
    foreign key (applicant_key, candidate_id) references applicants (applicant_key, candidate_id)
    on delete cascade on update cascade
);
create index delivery_reports_applicant_key_idx on delivery_reports (applicant_key);

-- By whose law an applicant is kept: their own country's, or else that of the job they were last
-- turned down for.
create view applicant_countries as
select
    applicant_key, candidate_id, last_human_contact_at,
    coalesce(
        put_right #>> '{country,value}',
        (
            select vacancy #>> '{jobLocation,country}'
            from applications
            inner join vacancies on vacancy_id = rejection ->> 'vacancyId'
            where applications.applicant_key = applicants.applicant_key
            and vacancy #>> '{jobLocation,country}' is not null
            order by decided_at desc, application_id
            limit 1
        )
    ) as country
from applicants;
