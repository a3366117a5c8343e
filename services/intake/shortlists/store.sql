-- name: keep(bodies)!
-- A shortlist that is known is left as it is: it never changes.
with lists as (
    select body from unnest(:bodies::jsonb []) as body
),

kept as (
    insert into shortlists
    select
        body ->> 'shortlistId', body ->> 'vacancyId', body ->> 'vacancyTitle',
        (body ->> 'continues')::boolean, (body ->> 'considered')::integer,
        jsonb_array_length(body -> 'candidates'), (body ->> 'rankedAt')::timestamptz,
        (body ->> 'rankedLower')::integer, (body ->> 'ofNewcomers')::boolean
    from lists
    on conflict do nothing
    returning shortlist_id
)

insert into shortlisted
select
    kept.shortlist_id, present.candidate_id, entry.rank, entry.tier, entry.missed,
    entry.readiness, entry."readyOn", entry."applicationId", entry."reasonsFor", entry."reasonsAgainst"
from lists
inner join kept on kept.shortlist_id = lists.body ->> 'shortlistId'
cross join
    jsonb_to_recordset(lists.body -> 'candidates') as entry (
        "candidateId" text, rank integer, tier text, missed text, readiness text, "readyOn" date,
        "applicationId" text, "reasonsFor" jsonb, "reasonsAgainst" jsonb
    )
-- Somebody who was erased or joined meanwhile: the one is left out, the other listed as they are now.
left join lateral (
    select applicants.candidate_id
    from former_memberships
    inner join applicants using (applicant_key)
    where former_memberships.candidate_id = entry."candidateId"
    and not exists (select 1 from candidates where candidate_id = entry."candidateId")
    and case
        when entry."applicationId" is null then not only_by_application
        else exists (
            select 1 from applications
            where applications.applicant_key = applicants.applicant_key
            and applications.application_id = entry."applicationId"
        )
    end
    order by recorded_at, applicant_key
    limit 1
) as former on true
inner join lateral (
    select candidate_id from candidates
    where candidate_id = coalesce(former.candidate_id, entry."candidateId")
    for key share
) as present on true
order by entry.rank
on conflict do nothing;

-- name: find(shortlist_id)^
select
    shortlist_id, vacancy_id, vacancy_title, continues, considered, listed, ranked_lower,
    of_newcomers, ranked_at
from shortlists where shortlist_id = :shortlist_id;

-- name: decide(shortlist_id, candidate_ids, recruiter_id, choice, because, now)
-- A decision stands unless it was taken back, or fell with the closing of the vacancy; returns only
-- those that this one decided.
insert into shortlist_decisions as known (
    shortlist_id, candidate_id, recruiter_id, choice, because, decided_at
)
select
    :shortlist_id::text, candidate_id, :recruiter_id::text, :choice::text, :because::text,
    :now::timestamptz
from unnest(:candidate_ids::text []) as candidate_id
on conflict (shortlist_id, candidate_id) do update
set
    recruiter_id = excluded.recruiter_id, choice = excluded.choice, because = excluded.because,
    decided_at = excluded.decided_at, asked_at = null, withdrawn_at = null,
    withdrawn_because = null, taken_back_at = null
where known.withdrawn_because is not null
returning candidate_id;

-- name: ask(shortlist_id, candidate_ids, now)
-- Returns those whose approval is passed on by it.
update shortlist_decisions set asked_at = :now::timestamptz
where shortlist_id = :shortlist_id and candidate_id = any(:candidate_ids::text [])
and choice = 'approved' and asked_at is null and withdrawn_at is null
returning candidate_id, recruiter_id;

-- name: withdraw(vacancy_ids, now)
-- Takes back what was approved for vacancies that have closed; returns what had been passed on. What
-- was taken back before may have left all the same: those invited hear of the closing too.
with withdrawn as (
    update shortlist_decisions as decision
    set withdrawn_at = :now::timestamptz, withdrawn_because = 'vacancy_closed'
    from shortlists as list
    where list.shortlist_id = decision.shortlist_id
    and list.vacancy_id = any(:vacancy_ids::text [])
    and decision.choice = 'approved' and withdrawn_because is distinct from 'vacancy_closed'
    returning list.vacancy_id, decision.*
)

select shortlist_id, vacancy_id, candidate_id, recruiter_id from withdrawn
where asked_at is not null;

-- name: resume(vacancy_ids, closed_since)
-- Approvals of which a message has left stand again once the vacancy has opened again, unless the
-- person was told meanwhile that it had closed; those that had been taken back before stay so.
with sent as (
    select
        list.vacancy_id, list.shortlist_id, entry.candidate_id, entry.application_id,
        max(at) filter (where facts ->> 'purpose' is distinct from 'outcome') as left_at,
        max(at) filter (where facts ->> 'purpose' = 'outcome') as told_at
    from shortlists as list
    inner join shortlisted as entry using (shortlist_id)
    inner join timeline
        on timeline.candidate_id = entry.candidate_id
        and timeline.facts ->> 'shortlistId' = list.shortlist_id
        and timeline.kind in ('message_sent', 'message_uncertain')
    where list.vacancy_id = any(:vacancy_ids::text [])
    group by list.vacancy_id, list.shortlist_id, entry.candidate_id, entry.application_id
)

update shortlist_decisions as decision
set
    withdrawn_at = taken_back_at,
    withdrawn_because = case when taken_back_at is not null then 'taken_back' end
from sent inner join vacancies using (vacancy_id)
where decision.shortlist_id = sent.shortlist_id and decision.candidate_id = sent.candidate_id
and withdrawn_because = 'vacancy_closed' and withdrawn_at > :closed_since::timestamptz
and left_at is not null and (told_at >= withdrawn_at) is not true
returning
    vacancies.vacancy, decision.shortlist_id, decision.candidate_id, recruiter_id, asked_at,
    application_id, taken_back_at;

-- name: take_back(shortlist_id, candidate_ids, now)
update shortlist_decisions
set
    withdrawn_at = :now::timestamptz, withdrawn_because = 'taken_back',
    taken_back_at = :now::timestamptz
where shortlist_id = :shortlist_id and candidate_id = any(:candidate_ids::text [])
and choice = 'approved' and withdrawn_at is null
returning candidate_id, asked_at;

-- name: waiting(job, after, limit)
-- The vacancies for which somebody who was approved waits for their turn.
select distinct list.vacancy_id
from shortlist_decisions as decision
inner join shortlists as list using (shortlist_id)
where decision.choice = 'approved' and decision.asked_at is null
and decision.withdrawn_at is null and list.vacancy_id > :after
and not exists (
    select from resting_rows where job = :job::text and key = list.vacancy_id
)
order by list.vacancy_id
limit :limit;

-- name: hold(vacancy_id)^
-- Whoever closes the vacancy waits for what is decided now, and then takes it back; whoever decides
-- at the same time waits too, so that two are not asked at once.
select source, status, vacancy, closed_at from vacancies where vacancy_id = :vacancy_id
for no key update;

-- name: candidate_ids(shortlist_id)
select candidate_id from shortlisted where shortlist_id = :shortlist_id;

-- name: vacancy(vacancy_id, recruiter_id)^
-- Returns nothing for somebody who is no recruiter of this vacancy, or not any more.
select vacancies.source, vacancies.status, vacancies.vacancy, vacancies.closed_at
from vacancies
inner join recruiter_vacancies using (vacancy_id)
where vacancy_id = :vacancy_id and recruiter_id = :recruiter_id;

-- name: entries(sees)
-- Those on shortlists who are still in the record, and known to the source that a reader may learn from,
-- named as it does, with what became of each approval. A message that was withdrawn tells nothing about whether they can be
-- reached.
select
    entry.shortlist_id, entry.candidate_id, rank, tier, missed, readiness, ready_on,
    application_id, reasons_for, reasons_against,
    case
        when :sees::text is null then candidates.personal_data #> '{name,value}'
        else (
            select put_right #> '{name,value}' from applicants
            where applicants.candidate_id = entry.candidate_id and applicants.source = :sees::text
            order by last_human_contact_at desc, applicant_key
            limit 1
        )
    end as name,
    recruiter_id, choice, because, decided_at, asked_at, withdrawn_at, withdrawn_because,
    taken_back_at, message.left_at, message.arrived_at, message.failed_at,
    reply.answer, reply.answered_at, mail.wrote_at, mail.read_at,
    interest.interest_id, interest.ended_as, interest.ended_at, interest.ended_by,
    interest.closed_at, interest.told_at, message.told_end_at,
    exists (
        select from timeline as earlier
        where earlier.candidate_id = entry.candidate_id
        and earlier.kind = any('{message_sent,message_uncertain}')
        and earlier.facts ->> 'purpose' = 'continuation'
        and earlier.facts ->> 'applicationId' = entry.application_id
        and earlier.facts ->> 'shortlistId' <> entry.shortlist_id
    ) as was_continued,
    exists (
        select from shortlists as here
        inner join interests as theirs using (vacancy_id)
        where here.shortlist_id = entry.shortlist_id
        and theirs.candidate_id = entry.candidate_id
        and theirs.ended_as = 'hired' and theirs.ended_by is not null
    ) as is_being_hired
from shortlisted as entry
inner join candidates using (candidate_id)
left join shortlist_decisions as decision using (shortlist_id, candidate_id)
left join lateral (
    select
        max(facts ->> 'messageId') filter (where has_left and not tells_end) as message_id,
        max(at) filter (where has_left and not tells_end) as left_at,
        max(at) filter (where has_left and tells_end) as told_end_at,
        max(at) filter (where kind = 'message_delivered' and not tells_end) as arrived_at,
        max(at) filter (where kind = any(
            '{message_failed,message_dropped,message_expired,message_bounced}'
        ) and facts ->> 'because' is distinct from 'withdrawn' and not tells_end) as failed_at
    from timeline
    cross join lateral (
        select
            kind = any('{message_sent,message_uncertain}') as has_left,
            coalesce(facts ->> 'purpose' = 'outcome', false) as tells_end
    ) as which
    where
        timeline.candidate_id = entry.candidate_id
        and timeline.facts ->> 'shortlistId' = entry.shortlist_id
) as message on decision.choice = 'approved'
left join lateral (
    select answer, answered_at, vacancy_id from answers
    where answers.candidate_id = entry.candidate_id and question = 'interest'
    and answers.message_id = message.message_id
) as reply on true
cross join lateral (
    -- The one row, if any: so it is looked up by index, and not among all that were ever answered.
    select max(wrote_at) as wrote_at, max(read_at) as read_at from mail_answers
    where mail_answers.candidate_id = entry.candidate_id
    and mail_answers.message_id = message.message_id
) as mail
left join lateral (
    select
        interest_id, ended_as, ended_at, ended_by, closed_at,
        (
            select min(told_at) from told_ends
            where told_ends.interest_id = interests.interest_id
        ) as told_at
    from interests
    where interests.candidate_id = entry.candidate_id
    and interests.vacancy_id = reply.vacancy_id
    and interests.purpose = any('{invitation,continuation}')
    order by raised_at desc
    limit 1
) as interest on true
where
    :sees::text is null
    or exists (
        select from applicants
        where applicants.candidate_id = entry.candidate_id and applicants.source = :sees::text
    );

-- name: listed(shortlist_id, sees)
with entries as (
    -- include: entries
)

select * from entries
where shortlist_id = :shortlist_id
order by rank;

-- name: finishers(vacancy_id, sees)
-- Those who just missed out on a vacancy that is open again, in the order in which they finished.
with entries as (
    -- include: entries
)

select entries.* from entries
inner join shortlists using (shortlist_id)
where shortlists.vacancy_id = :vacancy_id and application_id is not null
order by rank, ranked_at;

-- name: others_came_close(vacancy_id, title)$
-- Whether somebody else who came close may be asked about a role by that title as well, whenever that is:
-- messages that are approved later may leave sooner.
select exists (
    select from shortlisted as entry
    inner join shortlists using (shortlist_id)
    inner join vacancies using (vacancy_id)
    left join shortlist_decisions as decision using (shortlist_id, candidate_id)
    where tier = 'runner_up' and choice is distinct from 'declined'
    and vacancies.status = 'open'
    and (
        (shortlists.vacancy_id = :vacancy_id and application_id is null)
        or (
            shortlists.vacancy_id <> :vacancy_id
            and compared_title(shortlists.vacancy_title) = compared_title(:title)
        )
    )
);

-- name: sent(sees)
-- The messages that left, as a reader may learn of them: about an application its own source alone.
select
    timeline.candidate_id, applicant_key, facts ->> 'purpose' as purpose, at,
    facts ->> 'applicationId' as application_id, facts ->> 'shortlistId' as shortlist_id
from timeline
where kind = 'message_sent'
and (
    :sees::text is null
    or facts ->> 'applicationId' is null
    or exists (
        select 1 from applicants
        where applicants.applicant_key = timeline.applicant_key
        and applicants.source = :sees::text
    )
)

-- name: histories(ids, tellings, requested, sees)
-- What they were sent and what they answered; about which vacancy, where its source is one that a reader
-- may learn from. What they asked for by a right of theirs is nobody else's business.
select
    asked.candidate_id, told.purpose as told_by, told.at as told_at,
    latest.purpose as last_purpose, latest.at as last_at,
    answer.answer, answer.answered_about, answer.answered_at
from unnest(:ids::text []) as asked (candidate_id)
left join lateral (
    select purpose, at from (
        -- include: sent
    ) as sent
    where sent.candidate_id = asked.candidate_id and purpose = any(:tellings::text [])
    order by at desc limit 1
) as told on true
left join lateral (
    select purpose, at from (
        -- include: sent
    ) as sent
    where sent.candidate_id = asked.candidate_id
    and (purpose = any(:requested::text [])) is not true
    order by at desc limit 1
) as latest on true
left join lateral (
    select
        answer, answered_at,
        case
            when :sees::text is null or vacancies.source = :sees::text
                then vacancies.vacancy ->> 'title'
        end as answered_about
    from answers left join vacancies using (vacancy_id)
    where answers.candidate_id = asked.candidate_id and question = 'interest'
    order by answered_at desc limit 1
) as answer on true;

-- name: backgrounds(ids, most, requested, sees)
-- What they were sent, the latest first, but for what they asked for by a right of theirs: about whichever
-- role they were approved for, and else about the one that they had applied for; where their
-- applications can be seen; what they wrote of themselves, as it is published: without who they are; and
-- what they told us since. All from the one source that a reader may learn from, or from all.
select
    asked.candidate_id,
    (
        select
            jsonb_agg(
                jsonb_build_object(
                    'purpose', purpose, 'at', at,
                    'vacancy_title', case
                        when shortlist_id is null then (
                            select rejection ->> 'vacancyTitle' from applications
                            where applications.applicant_key = latest.applicant_key
                            and applications.application_id = latest.application_id
                        )
                        else (
                            select vacancy_title
                            from shortlists left join vacancies using (vacancy_id)
                            where shortlists.shortlist_id = latest.shortlist_id
                            and (:sees::text is null or vacancies.source = :sees::text)
                        )
                    end
                ) order by at desc
            )
        from (
            select sent.* from (
                -- include: sent
            ) as sent
            where sent.candidate_id = asked.candidate_id
            and purpose is not null
            and purpose <> all(:requested::text [])
            order by at desc
            limit :most::integer
        ) as latest
    ) as contacts,
    (
        select
            jsonb_agg(
                jsonb_build_object('title', title, 'url', application_url) order by decided_at desc
            )
        from (
            select rejection ->> 'vacancyTitle' as title, application_url, decided_at
            from applications
            where applications.candidate_id = asked.candidate_id
            and application_url is not null and rejection is not null
            and (:sees::text is null or source = :sees::text)
            order by decided_at desc
            limit :most::integer
        ) as latest
    ) as applications,
    (
        select jsonb_agg(coalesce(scrubbed, profile)::jsonb order by profile_time desc)
        from profiles inner join applicants using (applicant_key)
        where profiles.candidate_id = asked.candidate_id
        and (:sees::text is null or applicants.source = :sees::text)
    ) as profiles,
    (
        select
            jsonb_agg(
                jsonb_build_object('kind', kind, 'name', name, 'at', told_at) order by told_at desc
            )
        from news inner join applicants using (applicant_key)
        where news.candidate_id = asked.candidate_id
        and (:sees::text is null or applicants.source = :sees::text)
    ) as news
from unnest(:ids::text []) as asked (candidate_id);

-- name: request_links(email, before, since, most_a_day, most, now)
-- The newest lists of each recruiter of that address, unless links were asked for since `before`, or
-- often enough since the earlier `since`.
with asking as (
    update recruiters
    set links_requested_at = array(
        select at from unnest(links_requested_at) as at
        where at > :since::timestamptz
        order by at
    ) || :now::timestamptz
    where email = :email::text and :before::timestamptz >= all(links_requested_at)
    and (
        select count(*) from unnest(links_requested_at) as at
        where at > :since::timestamptz
    ) < :most_a_day::bigint
    returning recruiter_id
)

select asking.recruiter_id, list.shortlist_id, list.vacancy_id, list.vacancy_title, list.ranked_at
from asking
cross join lateral (
    select shortlists.*
    from recruiter_vacancies
    inner join vacancies using (vacancy_id)
    inner join shortlists using (vacancy_id)
    where recruiter_vacancies.recruiter_id = asking.recruiter_id
    and vacancies.status = 'open' and shortlists.listed > 0
    order by ranked_at desc
    limit :most::integer
) as list
order by asking.recruiter_id, list.ranked_at desc;

-- name: delete_before(before, limit)
-- Who stands on one, and what was decided about them, goes with it.
delete from shortlists where shortlist_id in (
    select shortlist_id from shortlists
    where ranked_at < :before::timestamptz
    order by ranked_at
    limit :limit
    for update skip locked
)
returning shortlist_id;
