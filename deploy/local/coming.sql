-- name: next_message()^
-- What is planned, or only waits for its hour, and leaves first.
select at, purpose, title
from (
    (
        select
            due_at as at, kind as purpose,
            convert_from(event, 'UTF8')::jsonb #>> '{facts,vacancyTitle}' as title
        from scheduler.occasions
        where state = 'planned' and kind <> 'qualified'
        order by due_at
        limit 1
    )
    union all
    (
        select next_attempt_at, purpose, facts ->> 'vacancyTitle'
        from notifier.messages
        where state = 'pending'
        order by next_attempt_at
        limit 1
    )
) as coming
order by at
limit 1;

-- name: sent()$
select count(*) from notifier.messages where state = 'sent';
