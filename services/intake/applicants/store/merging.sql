-- name: repoint(old, new)!
update identities as identity set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where identity.candidate_id = pair.absorbed;

-- name: remember(old, new, now)!
-- Who was absorbed before leads to whoever remains now, in one step.
with pairs as (
    select absorbed, remaining
    from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
),

led as (
    update former_candidates as former set merged_into = pairs.remaining
    from pairs where former.merged_into = pairs.absorbed
)

insert into former_candidates (candidate_id, ended_at, merged_into)
select absorbed, :now::timestamptz, remaining from pairs
on conflict do nothing;

-- name: move_wishes(old, new)!
-- The later answer about the hat and the longer pause hold.
update candidates as person
set
    hat_answered_at = greatest(person.hat_answered_at, absorbed.hat_answered_at),
    paused_until = greatest(person.paused_until, absorbed.paused_until)
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
inner join candidates as absorbed on absorbed.candidate_id = pair.absorbed
where person.candidate_id = pair.remaining;

-- name: move_consents(old, new)!
update consents set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where consents.candidate_id = pair.absorbed;

-- name: move_timeline(old, new)!
update timeline set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where timeline.candidate_id = pair.absorbed;

-- name: move_stops(old, new)!
-- A stop of either one stops both.
insert into channel_stops (candidate_id, channel, stopped_at, how, lifted_at)
select pair.remaining, stop.channel, stop.stopped_at, stop.how, stop.lifted_at
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
inner join channel_stops as stop on stop.candidate_id = pair.absorbed
on conflict (candidate_id, channel) where lifted_at is null do nothing;

-- name: move_replies(old, new)!
insert into unread_replies (candidate_id, since)
select pair.remaining, waiting.since
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
inner join unread_replies as waiting on waiting.candidate_id = pair.absorbed
on conflict do nothing;

-- name: move_closed_gaps(old, new)!
insert into closed_gaps (candidate_id, application_id, requirement_id, closed_at)
select pair.remaining, gap.application_id, gap.requirement_id, gap.closed_at
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
inner join closed_gaps as gap on gap.candidate_id = pair.absorbed
on conflict do nothing;

-- name: move_answers(old, new)!
update answers set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where answers.candidate_id = pair.absorbed;

-- name: move_reports(old, new)!
update delivery_reports set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where delivery_reports.candidate_id = pair.absorbed;

-- name: move_places(old, new)!
-- Nobody stands on a shortlist twice.
update shortlisted as place set candidate_id = pair.remaining
from unnest(:old::text [], :new::text []) as pair (absorbed, remaining)
where place.candidate_id = pair.absorbed
and not exists (
    select 1 from shortlisted as other
    where other.shortlist_id = place.shortlist_id and other.candidate_id = pair.remaining
);
