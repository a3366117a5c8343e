-- name: verdicts(keys)
select applicant_key, other_key, verdict, address
from joins
where applicant_key = any(:keys::text []) and other_key = any(:keys::text []);

-- name: decide(keys, others, verdict, address, now)!
-- What a press tells never overrules what a human has decided.
insert into joins as known (
    join_id, applicant_key, other_key, verdict, because, address, decided_at
)
select
    left(encode(sha256(convert_to(one || ' ' || other, 'UTF8')), 'hex'), 12), one, other,
    :verdict::text, case when :address::text is null then 'operator' else 'verified' end,
    :address::text, :now::timestamptz
from (
    select distinct least(key, other) as one, greatest(key, other) as other
    from unnest(:keys::text [], :others::text []) as pair (key, other)
) as pairs
on conflict (applicant_key, other_key) do update
set
    verdict = excluded.verdict,
    because = excluded.because,
    address = excluded.address,
    decided_at = excluded.decided_at
where excluded.because = 'operator' or known.because = 'verified';

-- name: suggestions(limit)
-- Those who share an address or a telephone and are not one, each with the next five in line, so that
-- a mailbox of very many costs no more than they are. Whom a human has taken apart is left out.
with marks as (
    select distinct on (shared, mark, candidate_id) shared, mark, candidate_id, applicant_key
    from (
        select 'address' as shared, address as mark, candidate_id, applicant_key
        from applicants
        cross join lateral jsonb_array_elements_text(
            coalesce(put_right #> '{emails,value}', '[]')
        ) as address
        union all
        select 'telephone' as shared, phone as mark, candidate_id, applicant_key
        from applicants
        where phone is not null
    ) as shown
    order by shared, mark, candidate_id, applicant_key
),

followed as (
    select
        shared, applicant_key, candidate_id,
        array_agg(applicant_key) over next_five as keys,
        array_agg(candidate_id) over next_five as ids
    from marks
    window next_five as (
        partition by shared, mark order by candidate_id
        rows between 1 following and 5 following
    )
),

apart as (
    select
        least(his.candidate_id, hers.candidate_id) as one,
        greatest(his.candidate_id, hers.candidate_id) as other
    from joins
    inner join applicants as his on his.applicant_key = joins.applicant_key
    inner join applicants as hers on hers.applicant_key = joins.other_key
    where verdict = 'different'
),

pairs as (
    select
        least(one.applicant_key, other.applicant_key) as applicant_key,
        greatest(one.applicant_key, other.applicant_key) as other_key,
        min(one.shared) as shared
    from followed as one
    cross join lateral unnest(one.keys, one.ids) as other (applicant_key, candidate_id)
    where not exists (
        select 1 from apart
        where apart.one = least(one.candidate_id, other.candidate_id)
        and apart.other = greatest(one.candidate_id, other.candidate_id)
    )
    group by 1, 2
)

select
    left(encode(sha256(convert_to(applicant_key || ' ' || other_key, 'UTF8')), 'hex'), 12) as join_id,
    applicant_key, other_key, shared as because
from pairs
order by 1
limit :limit;

-- name: joined(limit)
-- Each applicant who is one with an elder one, and why.
select
    left(encode(sha256(convert_to(
        least(eldest.applicant_key, one.applicant_key) || ' '
        || greatest(eldest.applicant_key, one.applicant_key), 'UTF8'
    )), 'hex'), 12) as join_id,
    eldest.applicant_key, one.applicant_key as other_key,
    coalesce(
        joins.because,
        case
            when one.first_email = eldest.first_email and one.name_key = eldest.name_key
                then 'address and name'
            when one.first_email = eldest.first_email then 'address and decision'
            else 'another applicant of theirs'
        end
    ) as because
from applicants as one
inner join lateral (
    select * from applicants
    where applicants.candidate_id = one.candidate_id
    order by recorded_at, applicant_key
    limit 1
) as eldest on eldest.applicant_key <> one.applicant_key
left join joins
    on joins.applicant_key = least(eldest.applicant_key, one.applicant_key)
    and joins.other_key = greatest(eldest.applicant_key, one.applicant_key)
    and verdict = 'same'
    and (
        joins.address is null
        or (one.first_email = joins.address and eldest.first_email = joins.address)
    )
order by eldest.applicant_key, one.recorded_at, one.applicant_key
limit :limit;

-- name: decided(join_id)
select applicant_key, other_key, because from joins where join_id = :join_id;

-- name: refusals(keys)
select
    applicant_key, source_application_id as application_id,
    coalesce(source_vacancy_id, rejection ->> 'vacancyId') as vacancy_id,
    compared_title(rejection ->> 'vacancyTitle') as vacancy_title,
    (rejection ->> 'decidedAt')::timestamptz as decided_at
from applications left join vacancy_ids on vacancy_id = rejection ->> 'vacancyId'
where applicant_key = any(:keys::text []) and rejection is not null;

-- name: colliding(keys, ids)
-- Applications that cannot keep the id they are published by where their applicants go to.
select applicant_key, source_application_id
from (
    select
        applications.applicant_key, source_application_id,
        row_number() over (
            partition by coalesce(going.candidate_id, applications.candidate_id), application_id
            order by going.candidate_id is not null, applications.applicant_key
        ) as nth
    from applications
    left join unnest(:keys::text [], :ids::text []) as going (applicant_key, candidate_id)
        using (applicant_key)
    where going.candidate_id is not null or applications.candidate_id = any(:ids::text [])
) as theirs
where nth > 1;

-- name: rename(keys, source_ids, application_ids, ids)!
-- `ids` are where their applicants go to.
with former as (
    insert into former_application_ids
    select theirs.candidate_id, application_id, applicant_key, source_application_id
    from
        unnest(:keys::text [], :source_ids::text [], :ids::text [])
        as going (applicant_key, source_application_id, candidate_id)
    inner join applications using (applicant_key, source_application_id)
    cross join lateral (
        select applications.candidate_id
        union
        select candidate_id from former_memberships
        where former_memberships.applicant_key = going.applicant_key
    ) as theirs
    where theirs.candidate_id <> going.candidate_id
    on conflict do nothing
)

update applications as application set application_id = renamed.application_id
from
    unnest(:keys::text [], :source_ids::text [], :application_ids::text [])
    as renamed (applicant_key, source_id, application_id)
where application.applicant_key = renamed.applicant_key
and application.source_application_id = renamed.source_id;

-- name: move_places(keys, ids)!
-- A place on a shortlist goes with the application that it continues, with whoever was written to about
-- it, and with whoever is no more. Nobody stands on a shortlist twice.
update shortlisted as place set candidate_id = going.candidate_id
from unnest(:keys::text [], :ids::text []) as going (applicant_key, candidate_id)
inner join applicants as applicant using (applicant_key)
where place.candidate_id = applicant.candidate_id
and (
    exists (
        select 1 from applications
        where applications.applicant_key = going.applicant_key
        and applications.application_id = place.application_id
    )
    or exists (
        select 1 from timeline
        where timeline.applicant_key = going.applicant_key
        and timeline.kind = any('{message_sent,message_uncertain}')
        and timeline.facts ->> 'shortlistId' = place.shortlist_id
    )
    or not exists (
        select 1 from applicants as staying
        where staying.candidate_id = applicant.candidate_id
        and staying.applicant_key <> all(:keys::text [])
    )
)
and not exists (
    select 1 from shortlisted as other
    where other.shortlist_id = place.shortlist_id and other.candidate_id = going.candidate_id
);

-- name: move(keys, ids)!
-- All that hangs on the applicants follows them.
with left_behind as (
    insert into former_memberships (candidate_id, applicant_key)
    select candidate_id, applicant_key from applicants where applicant_key = any(:keys::text [])
    on conflict do nothing
)

update applicants as applicant set candidate_id = going.candidate_id
from unnest(:keys::text [], :ids::text []) as going (applicant_key, candidate_id)
where applicant.applicant_key = going.applicant_key;

-- name: stop_again(ids)!
-- A yes that lifted a stop was another person's, as is known by now: the stop holds again.
insert into consent_entries (chain, candidate_id, applicant_key, act, channel, at, how)
select
    stop.chain, stop.candidate_id, stop.applicant_key, 'stopped', stop.channel, stop.stopped_at,
    stop.how
from channel_stops as stop
cross join applicants as lifter
where stop.candidate_id = any(:ids::text [])
and lifter.applicant_key = stop.lifted_by and lifter.candidate_id <> stop.candidate_id
and not exists (
    select 1 from channel_stops as other
    where other.applicant_key = stop.applicant_key and other.channel = stop.channel
    and (other.lifted_at is null or other.chain = stop.chain and other.position > stop.position)
)
order by stop.chain, stop.position;

-- name: delete_empty(ids)
-- Deletes people of whom no applicant is left; returns those whom others were told about.
with empty as (
    delete from candidates as person
    where candidate_id = any(:ids::text [])
    and not exists (select 1 from applicants where applicants.candidate_id = person.candidate_id)
    returning candidate_id, version
),

unknown as (
    delete from former_memberships as former using empty
    where former.candidate_id = empty.candidate_id and empty.version = 0
)

select candidate_id from empty where version > 0;

-- name: erase_claims(keys, erased_at)!
-- Deletes what was said until then.
with erased as materialized (
    select applicant_key, erased_at
    from unnest(:keys::text [], :erased_at::timestamptz []) as erased (applicant_key, erased_at)
),

applied as (
    delete from applications as application using erased
    where application.applicant_key = erased.applicant_key
    and least(status_time, decided_at) <= erased.erased_at
),

stripped as (
    update applications as application
    set
        rejection = null, rejection_time = null, rejection_rank = null, note = null,
        decided_by = null, application_url = null
    from erased
    where application.applicant_key = erased.applicant_key
    and least(status_time, decided_at) > erased.erased_at
    and rejection_time <= erased.erased_at
),

able as (
    delete from profiles using erased
    where profiles.applicant_key = erased.applicant_key and profile_time <= erased.erased_at
),

verified as (
    delete from joins using erased
    where erased.applicant_key in (joins.applicant_key, other_key) and address is not null
)

delete from timeline using erased
where timeline.applicant_key = erased.applicant_key and at <= erased.erased_at;

-- name: without_rejection(keys)
-- As only a rejection begins a record anew, so only with one does it go on.
select applicant_key from applicants as applicant
where applicant_key = any(:keys::text [])
and not exists (
    select 1 from applications
    where applications.applicant_key = applicant.applicant_key and rejection is not null
);

-- name: mark_erased(keys, erased_at)!
update identities as identity
set erased_at = greatest(identity.erased_at, erased.erased_at)
from unnest(:keys::text [], :erased_at::timestamptz []) as erased (applicant_key, erased_at)
where identity.applicant_key = erased.applicant_key;

-- name: repoint(old, new)!
with pairs as (
    select gone, remaining from unnest(:old::text [], :new::text []) as pair (gone, remaining)
),

likened as (
    insert into likenesses (hash, applicant_key, erased_at)
    select hash, remaining, erased_at
    from likenesses inner join pairs on likenesses.applicant_key = pairs.gone
    on conflict do nothing
)

update identities as identity set applicant_key = pairs.remaining
from pairs where identity.applicant_key = pairs.gone;

-- name: take_over(old, new)!
-- What hung on an applicant hangs on the one whom their source merged them into; a stop of either
-- stops both, the longer pause and the later answer hold.
with pairs as materialized (
    select old.applicant_key as gone, new.applicant_key as remaining, new.candidate_id
    from unnest(:old::text [], :new::text []) as pair (gone, remaining)
    inner join applicants as old on old.applicant_key = pair.gone
    inner join applicants as new on new.applicant_key = pair.remaining
),

wished as (
    update applicants as applicant
    set
        hat_answered_at = greatest(applicant.hat_answered_at, old.hat_answered_at),
        hat_refused_at = greatest(applicant.hat_refused_at, old.hat_refused_at),
        paused_until = greatest(applicant.paused_until, old.paused_until),
        corrected = old.corrected || applicant.corrected
    from (
        select
            remaining, max(hat_answered_at) as hat_answered_at,
            max(hat_refused_at) as hat_refused_at, max(paused_until) as paused_until,
            (array_agg(corrected order by applicant_key))[1] as corrected
        from pairs inner join applicants on applicants.applicant_key = pairs.gone
        group by remaining
    ) as old
    where applicant.applicant_key = old.remaining
),

agreed as (
    update consent_chains set applicant_key = pairs.remaining, candidate_id = pairs.candidate_id
    from pairs where consent_chains.applicant_key = pairs.gone
),

told as (
    update timeline set applicant_key = pairs.remaining, candidate_id = pairs.candidate_id
    from pairs where timeline.applicant_key = pairs.gone
),

named as (
    insert into applicant_ids (applicant_key, source_applicant_id, hash)
    select pairs.remaining, source_applicant_id, min(hash)
    from pairs inner join applicant_ids on applicant_ids.applicant_key = pairs.gone
    group by 1, 2
    on conflict do nothing
),

to_be_told as (
    update outgoing set applicant_key = pairs.remaining
    from pairs where outgoing.applicant_key = pairs.gone
),

reported as (
    update delivery_reports set applicant_key = pairs.remaining, candidate_id = pairs.candidate_id
    from pairs where delivery_reports.applicant_key = pairs.gone
),

answered as (
    update answers set applicant_key = pairs.remaining, candidate_id = pairs.candidate_id
    from pairs where answers.applicant_key = pairs.gone
),

waiting as (
    insert into unread_replies (candidate_id, applicant_key, how, since, because_of)
    select
        pairs.candidate_id, pairs.remaining, how, min(since),
        case when bool_and(because_of is not null) then min(because_of) end
    from pairs inner join unread_replies on unread_replies.applicant_key = pairs.gone
    group by 1, 2, 3
    on conflict (applicant_key, how) do update set because_of = null
    where excluded.because_of is null
),

waiting_with_them as (
    update unread_replies set because_of = pairs.remaining
    from pairs
    where unread_replies.because_of = pairs.gone and unread_replies.applicant_key <> pairs.remaining
),

wrote as (
    update mail_replies set applicant_key = pairs.remaining, candidate_id = pairs.candidate_id
    from pairs where mail_replies.applicant_key = pairs.gone
),

news_told as (
    insert into news (candidate_id, applicant_key, kind, name, told_at)
    select pairs.candidate_id, pairs.remaining, kind, name, min(told_at)
    from pairs inner join news on news.applicant_key = pairs.gone
    group by 1, 2, 3, 4
    on conflict do nothing
),

decided as (
    insert into joins (join_id, applicant_key, other_key, verdict, because, address, decided_at)
    select distinct on (one, other)
        left(encode(sha256(convert_to(one || ' ' || other, 'UTF8')), 'hex'), 12), one, other,
        verdict, because, address, decided_at
    from (
        select
            least(remaining, theirs) as one, greatest(remaining, theirs) as other, verdict,
            because, address, decided_at
        from (
            select
                pairs.remaining, verdict, because, address, decided_at,
                case joins.applicant_key
                    when pairs.gone then other_key else joins.applicant_key
                end as theirs
            from pairs
            inner join joins on pairs.gone in (joins.applicant_key, joins.other_key)
        ) as gone_with
        where theirs <> remaining
    ) as moved
    order by one asc, other asc, decided_at desc
    on conflict do nothing
)

insert into former_memberships (candidate_id, applicant_key, only_by_application)
select candidate_id, remaining, bool_and(only_by_application)
from (
    select former_memberships.candidate_id, pairs.remaining, only_by_application
    from pairs inner join former_memberships on former_memberships.applicant_key = pairs.gone
    union all
    select applicants.candidate_id, pairs.remaining, false
    from pairs inner join applicants on applicants.applicant_key = pairs.gone
    where applicants.candidate_id <> pairs.candidate_id
) as former
group by 1, 2
on conflict do nothing;

-- name: gaps(keys)
select applicant_key, source_application_id, requirement_id, closed_at
from closed_gaps inner join applications using (candidate_id, application_id)
where applicant_key = any(:keys::text []);

-- name: put_gaps(keys, source_ids, requirement_ids, closed)!
insert into closed_gaps (candidate_id, application_id, requirement_id, closed_at)
select candidate_id, application_id, gap.requirement_id, gap.closed_at
from
    unnest(:keys::text [], :source_ids::text [], :requirement_ids::text [], :closed::date [])
    as gap (applicant_key, source_application_id, requirement_id, closed_at)
inner join applications using (applicant_key, source_application_id)
on conflict do nothing;

-- name: published(keys)
-- As what, and at whom, the applications of these applicants are or were published.
select applicant_key, source_application_id, theirs.candidate_id, application_id
from applications
cross join lateral (
    select applications.candidate_id
    union
    select candidate_id from former_memberships
    where former_memberships.applicant_key = applications.applicant_key
) as theirs
where applicant_key = any(:keys::text [])
union
select applicant_key, source_application_id, candidate_id, application_id
from former_application_ids
where applicant_key = any(:keys::text []);

-- name: put_published(keys, source_ids, ids, application_ids)!
insert into former_application_ids
select candidate_id, application_id, applicant_key, source_application_id
from
    unnest(:keys::text [], :source_ids::text [], :ids::text [], :application_ids::text [])
    as former (applicant_key, source_application_id, candidate_id, application_id)
on conflict do nothing;

-- name: delete_applications(keys)!
delete from applications where applicant_key = any(:keys::text []);

-- name: delete(keys)!
delete from applicants where applicant_key = any(:keys::text []);
