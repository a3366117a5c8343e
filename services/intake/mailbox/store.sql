-- name: keep(reply_id, applicant_key, message_id, purpose, vacancy_id, now, waits)!
insert into mail_replies (
    reply_id, candidate_id, applicant_key, message_id, purpose, vacancy_id, received_at, settled_at
)
select
    :reply_id, candidate_id, applicant_key, :message_id, :purpose, :vacancy_id, :now,
    case when not :waits::boolean then :now::timestamptz end
from applicants where applicant_key = :applicant_key;

-- name: count_since(applicant_key, since)$
select count(*) from mail_replies
where applicant_key = :applicant_key and received_at > :since::timestamptz;

-- name: find(reply_id, recruiter_id)^
-- For the recruiters of the vacancy as it has them now; where there are none, for the desk.
select
    reply.candidate_id, reply.purpose, reply.received_at,
    put_right #> '{name,value}' as name, first_email as email, phone,
    vacancies.vacancy ->> 'title' as vacancy_title,
    concat_ws(E'\n', said.facts ->> 'subject', said.facts ->> 'text') as text,
    (said.facts ->> 'attachments')::integer as attachments, (said.facts ->> 'isCut')::boolean as is_cut,
    said.facts ->> 'mailId' as mail_id, settled_at is null as waits
from mail_replies as reply
inner join applicants using (applicant_key)
left join vacancies on vacancies.vacancy_id = reply.vacancy_id
left join timeline as said
    on said.applicant_key = reply.applicant_key and said.kind = 'mail_replied'
    and said.facts ->> 'replyId' = reply.reply_id
where reply_id = :reply_id
and exists (
    select from recruiters
    where recruiter_id = :recruiter_id and (
        exists (
            select from recruiter_vacancies as theirs
            where theirs.vacancy_id = reply.vacancy_id
            and theirs.recruiter_id = recruiters.recruiter_id
        )
        or (
            is_desk
            and not exists (
                select from recruiter_vacancies as any_of
                where any_of.vacancy_id = reply.vacancy_id
            )
        )
    )
);
