-- name: involvements(ids, sees)
-- What people would like to talk about, or say that they have by now, in whatever role; and where else
-- they are approved for one that is open and have not said yes, or answered otherwise while they were.
-- As far as a reader may learn of it, who may learn of one source, or of all.
with asked as (
    select unnest(:ids::text []) as candidate_id
),

interested as (
    select
        interests.candidate_id, interest_id, interests.vacancy_id, vacancy_title, answer,
        raised_at as at, ended_as, ended_at, ended_by, closed_at,
        (
            select min(told_at) from told_ends
            where told_ends.interest_id = interests.interest_id
        ) as told_at,
        null as approval, null as shortlist_id, null::timestamptz as read_at, true as stands
    from asked
    inner join interests using (candidate_id)
    inner join applicants using (applicant_key)
    left join vacancy_ids on vacancy_ids.vacancy_id = interests.vacancy_id
    where :sees::text is null or coalesce(vacancy_ids.source, applicants.source) = :sees
),

approved as (
    select
        asked.candidate_id, list.vacancy_id, list.vacancy_title,
        coalesce(
            greatest(reply.answered_at, mail.wrote_at), message.left_at, message.failed_at, decided_at
        ) as at,
        case
            when reply.answered_at >= coalesce(mail.wrote_at, '-infinity') then 'not_now'
            when mail.wrote_at is not null then 'wrote'
            when message.left_at is not null then 'asked'
            when message.failed_at is not null then 'not_reached'
            else 'to_ask'
        end as approval,
        decision.shortlist_id, mail.read_at,
        decision.withdrawn_at is null and vacancies.status = 'open' as stands
    from asked
    inner join shortlist_decisions as decision using (candidate_id)
    inner join shortlists as list using (shortlist_id)
    inner join vacancies using (vacancy_id)
    cross join lateral (
        select
            max(facts ->> 'messageId') filter (where has_left) as message_id,
            max(at) filter (where has_left) as left_at,
            max(at) filter (where not has_left) as failed_at
        from timeline
        cross join lateral (
            select kind = any('{message_sent,message_uncertain}') as has_left
        ) as which
        where timeline.candidate_id = decision.candidate_id
        and timeline.facts ->> 'shortlistId' = decision.shortlist_id
        and timeline.facts ->> 'purpose' is distinct from 'outcome'
        and timeline.facts ->> 'because' is distinct from 'withdrawn'
        and (has_left or kind = any('{message_failed,message_dropped,message_expired}'))
    ) as message
    left join answers as reply
        on reply.candidate_id = decision.candidate_id and reply.message_id = message.message_id
        and reply.question = 'interest' and reply.answer = 'not_now'
    cross join lateral (
        -- The one row, if any: so it is looked up by index, and not among all that were ever answered.
        select max(wrote_at) as wrote_at, max(read_at) as read_at from mail_answers
        where mail_answers.candidate_id = decision.candidate_id
        and mail_answers.message_id = message.message_id
    ) as mail
    where decision.choice = 'approved'
    and (:sees::text is null or vacancies.source = :sees)
    and not exists (
        select from interested
        where interested.candidate_id = asked.candidate_id
        and interested.vacancy_id = list.vacancy_id and answer = 'interested'
        and (interested.ended_at is null or interested.at >= decided_at)
        and interested.at >= coalesce(mail.wrote_at, '-infinity')
    )
)

select * from interested
union all
select
    candidate_id, null, vacancy_id, vacancy_title, null, at, null, null, null, null, null, approval,
    shortlist_id, read_at, stands
from approved
where stands or approval in ('not_now', 'wrote')
order by at;
