-- What comes in through the doors for people: answers, decisions about shortlists, callbacks.

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

create table shortlisted (
    shortlist_id text not null references shortlists on delete cascade,
    candidate_id text not null references candidates on delete cascade,
    rank integer not null,
    tier text not null check (tier in ('runner_up', 'not_yet', 'no')),
    readiness text not null check (readiness in ('met', 'may_now_be_met', 'not_met', 'unknown')),
    -- Set when approving continues that application instead of inviting anew.
    application_id text,
    reasons_for text [] not null,
    reasons_against text [] not null,
    primary key (shortlist_id, candidate_id)
);
create index shortlisted_candidate_id_idx on shortlisted (candidate_id);

-- One decision about each, the first that was made.
create table shortlist_decisions (
    shortlist_id text not null,
    candidate_id text not null,
    recruiter_id text not null,
    verdict text not null check (verdict in ('approved', 'declined')),
    because text,
    decided_at timestamptz not null,
    -- Set when the vacancy closed after the approval.
    withdrawn_at timestamptz,
    primary key (shortlist_id, candidate_id),
    foreign key (shortlist_id, candidate_id) references shortlisted
    on delete cascade on update cascade,
    check ((verdict = 'declined') = (because is not null)),
    check (withdrawn_at is null or verdict = 'approved')
);

-- Text messages that have had their effect. Kept for good, for they say nothing about anybody:
-- Twilio's signature carries no time, so a request that was once genuine is so for ever.
create table sms_received (
    message_sid text primary key,
    received_at timestamptz not null
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
