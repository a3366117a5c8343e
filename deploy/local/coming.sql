-- name: next_message(silence)^
-- What is planned, or only waits for its hour, and leaves first; or what becomes due before that,
-- after so long a silence of recruiters.
select at, purpose, title, is_planned
from (
    (
        select
            due_at as at, kind as purpose,
            convert_from(event, 'UTF8')::jsonb #>> '{facts,vacancyTitle}' as title,
            true as is_planned
        from scheduler.occasions
        where state = 'planned' and kind <> 'qualified'
        order by due_at
        limit 1
    )
    union all
    (
        select next_attempt_at, purpose, facts ->> 'vacancyTitle', true
        from notifier.messages
        where state = 'pending'
        order by next_attempt_at
        limit 1
    )
    union all
    (
        select
            coalesce(closed_at, raised_at) + :silence::interval, 'outcome', vacancy_title, false
        from intake.interests
        where ended_at is null
        order by 1
        limit 1
    )
) as coming
order by at
limit 1;

-- name: sent()$
select count(*) from notifier.messages where state = 'sent';
