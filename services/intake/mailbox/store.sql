-- name: keep(reply_id, applicant_key, message_id, purpose, vacancy_id, about, contact_id, wording, now, waits)!
insert into mail_replies (
    reply_id, candidate_id, applicant_key, message_id, purpose, vacancy_id, application_id,
    contact_id, wording_version, received_at, settled_at
)
select
    :reply_id, candidate_id, applicant_key, :message_id, :purpose, :vacancy_id, :about,
    :contact_id, :wording, :now,
    case when not :waits::boolean then :now::timestamptz end
from applicants where applicant_key = :applicant_key;

-- name: count_since(applicant_key, since)$
select count(*) from mail_replies
where applicant_key = :applicant_key and received_at > :since::timestamptz;

-- name: find(reply_id, recruiter_id, read_by)^
-- For the recruiters of the vacancy as it has them now; where there are none, for the desk. With what
-- was answered to the same mail, and whether they said something later: in another mail, or themselves.
select
    reply.candidate_id, reply.applicant_key, reply.message_id, reply.purpose, reply.vacancy_id,
    reply.application_id, reply.contact_id, reply.wording_version, reply.received_at,
    (
        select answer from answers
        where answers.candidate_id = reply.candidate_id and answers.message_id = reply.message_id
        and question = 'interest'
    ) as answer,
    exists (
        select from mail_replies as later
        where later.candidate_id = reply.candidate_id and later.message_id = reply.message_id
        and later.received_at > reply.received_at
    ) or exists (
        select from timeline as own
        where own.candidate_id = reply.candidate_id and own.at > reply.received_at
        and own.facts ->> 'how' is distinct from :read_by
        and (
            own.kind = 'not_looking'
            or (
                own.kind in ('interested', 'not_now')
                and own.facts ->> 'messageId' = reply.message_id
            )
        )
    ) as said_more_since,
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
