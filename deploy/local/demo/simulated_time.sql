-- name: at_rest(now, unanswered_since)
-- Which service still has what to do, and how far each has read: all of one instant.
with reading as (
    select 'intake' as service, topic, partition, next_offset from intake.offsets
    union all
    select 'scheduler', topic, partition, next_offset from scheduler.offsets
    union all
    select 'matcher', topic, partition, next_offset from matcher.offsets
    union all
    select 'notifier', topic, partition, next_offset from notifier.offsets
),

unpublished as (
    select 'intake' as service, set_aside_at from intake.outbox
    union all
    select 'scheduler', set_aside_at from scheduler.outbox
    union all
    select 'matcher', set_aside_at from matcher.outbox
    union all
    select 'notifier', set_aside_at from notifier.outbox
),

work as (
    select distinct service || ' has an event to publish' as what
    from unpublished where set_aside_at is null
    union all
    select 'intake has a delivery to read'
    where exists (select 1 from intake.deliveries where state = 'waiting')
    union all
    select 'scheduler has something due to plan'
    where exists (
        select 1 from scheduler.occasions
        where
            state = 'planned' and due_at <= :now
            and not exists (
                select 1 from scheduler.parked_rows
                where job = 'planning' and key = candidate_id
            )
    )
    union all
    select 'intake has an interest to end that nobody answered'
    where exists (
        select 1 from intake.interests
        where ended_at is null and coalesce(closed_at, raised_at) <= :unanswered_since
    )
    union all
    select 'matcher has a search to finish'
    where exists (select 1 from matcher.search_jobs where state in ('pending', 'running'))
    union all
    select 'notifier has recruiters to tell of a shortlist'
    where exists (
        -- Of one whose vacancy closed while it was on its way nobody is told any more.
        select 1 from notifier.shortlists
        where exists (
            select 1 from notifier.recipients
            where kind = 'recruiter' and vacancies @> array[shortlists.vacancy_id]
        )
        and not exists (
            select 1 from notifier.messages
            where messages.shortlist_id = shortlists.shortlist_id
            or (
                messages.shortlist_id = shortlists.repeats
                and messages.state in ('pending', 'sending', 'sent', 'uncertain')
            )
        )
    )
    union all
    select 'notifier has a message to send'
    where exists (
        select 1 from notifier.messages
        where state = 'sending'
        or (
            state = 'pending' and next_attempt_at <= :now
            and windows @> :now::timestamptz
        )
    )
)

select array(select what from work) as under_way, service, topic, partition, next_offset
from (select) as always left join reading on true;

-- name: next_due(now, stride, unanswered_since, turns, lately, for_a_human)$
-- The last of all that falls due within one stride of the first. What waits for a human is looked at
-- again each minute, and found as it was.
with coming as (
    select due_at from scheduler.occasions where state = 'planned' and due_at > :now
    union all
    select
        :now::timestamptz + (coalesce(closed_at, raised_at) - :unanswered_since::timestamptz)
    from intake.interests
    where ended_at is null and coalesce(closed_at, raised_at) > :unanswered_since
    union all
    select next_attempt_at from notifier.messages
    where
        state = 'pending' and next_attempt_at > :now
        and coalesce(because, '') <> all(:for_a_human::text [])
    union all
    select lower(opening) from notifier.messages, unnest(windows) as opening
    where state = 'pending' and lower(opening) > :now
    union all
    -- When the next of those who just missed out has their turn is for their working days to say:
    -- while one waits for another who was asked lately, that is looked at every few hours.
    select :now::timestamptz + :turns::interval
    where exists (
        select 1
        from intake.shortlist_decisions as waiting
        inner join intake.shortlists as of_waiting using (shortlist_id)
        inner join intake.shortlists as of_asked using (vacancy_id)
        inner join intake.shortlist_decisions as asked
            on asked.shortlist_id = of_asked.shortlist_id
        where waiting.choice = 'approved' and waiting.asked_at is null
        and waiting.withdrawn_at is null
        and asked.asked_at > :now::timestamptz - :lately::interval
    )
)

select max(due_at) from coming
where due_at <= (select min(due_at) + :stride::interval from coming);
