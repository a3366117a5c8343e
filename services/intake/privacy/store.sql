-- name: first_addresses(ids)
-- Who has which first address, and what their source calls them.
select applicant_key, first_email, personal_data #> '{name,value}' as name
from applicants
where candidate_id = any(:ids::text []) and first_email is not null;

-- name: ever_known_as(ids)
-- Under one applicant of each person, all that they were known as.
select
    (
        select min(applicant_key) from applicants
        where applicants.candidate_id = person.candidate_id
    ) as applicant_key,
    array(
        select jsonb_object_keys(coalesce(personal_data -> 'also_known_as', '{}'))
    ) as known_as
from candidates as person
where candidate_id = any(:ids::text []);

-- name: mark_erased(ids, now, keys, addresses, parts)!
-- By these hashes nobody comes back with what was said until now, nor with what was decided as of no
-- later than the last of it.
with gone as materialized (
    select
        applicant_key,
        greatest(
            :now::timestamptz,
            (
                select max(greatest(decided_at, (rejection ->> 'decidedAt')::timestamptz))
                from applications
                where applications.candidate_id = applicants.candidate_id
            )
        ) as until
    from applicants where candidate_id = any(:ids::text [])
),

likened as (
    update likenesses set erased_at = until
    from gone
    where likenesses.applicant_key = gone.applicant_key
),

named as (
    insert into erased_names (address, parts, erased_at)
    select address, parts, until
    from
        unnest(:keys::text [], :addresses::bytea [], :parts::bytea [])
        as name (applicant_key, address, parts)
    inner join gone using (applicant_key)
)

update identities
set erased_at = greatest(erased_at, until)
from gone
where identities.applicant_key = gone.applicant_key;

-- name: remember_interests(ids, now)!
insert into erased_interests (interest_id, erased_at)
select interest_id, :now::timestamptz from interests where candidate_id = any(:ids::text [])
on conflict do nothing;

-- name: asked_to_be_erased(interest_id)$
select exists (select from erased_interests where interest_id = :interest_id);

-- name: forget_interests(before, limit)
delete from erased_interests where interest_id in (
    select interest_id from erased_interests
    where erased_at <= :before::timestamptz
    order by erased_at limit :limit::bigint
)
returning interest_id;

-- name: delete(ids)
-- All that hangs on a person goes with the row. Returns them with the version that others were told of.
delete from candidates where candidate_id = any(:ids::text []) returning candidate_id, version;

-- name: remember(ids, now)!
insert into former_candidates (candidate_id, ended_at)
select candidate_id, :now::timestamptz from unnest(:ids::text []) as candidate_id
on conflict do nothing;

-- name: idle(job, before, after, after_key, limit)
-- Whom to look at next, longest without human contact first. Whoever is parked is passed over, and
-- parked no longer once they have left otherwise, or somebody had to do with them again.
with settled as (
    delete from parked_rows
    where job = :job::text
    and not exists (
        select from applicants
        where applicant_key = key and last_human_contact_at < :before::timestamptz
    )
)

select last_human_contact_at, applicant_key from applicants
where last_human_contact_at < :before::timestamptz
and (last_human_contact_at, applicant_key) > (:after::timestamptz, :after_key::text)
and not exists (
    select from resting_rows where job = :job::text and key = applicant_key
)
order by last_human_contact_at, applicant_key
limit :limit::bigint;

-- name: out_of_date(keys, countries, befores, otherwise, now)
-- Which of these people had no human contact for so long, by the law of any country of theirs, and did not ask to be kept
-- longer. Whoever is still owed an
-- answer stays for as long from when their record began, however old the decision is; and until they
-- were told, by a letter about another application perhaps, where somebody can still tell them: they
-- have an address that they did not stop, were not hired by the source that owes it, and no letter came
-- to nothing so long ago. What may be read of other people beside these is read so that it cannot
-- fail: one of them would keep everybody.
select candidate_id from candidates
where candidate_id in (
    select one.candidate_id
    from applicant_countries as one
    left join unnest(:countries::text [], :befores::timestamptz []) as theirs (country, before)
        on theirs.country = one.country
    cross join lateral (
        select coalesce(theirs.before, :otherwise::timestamptz) as before
    ) as law
    where one.applicant_key = any(:keys::text [])
    and one.last_human_contact_at < law.before
    and not exists (
        select 1 from consents
        where consents.candidate_id = one.candidate_id
        and ended_at is null and until > :now::timestamptz
    )
    and not exists (
        select 1 from applicants as other
        where other.candidate_id = one.candidate_id
        and other.last_human_contact_at >= law.before
    )
    and not exists (
        select 1 from applications as owed
        inner join last_words as word using (applicant_key, source_application_id)
        inner join applicants as teller using (applicant_key)
        left join vacancy_ids as place on place.vacancy_id = owed.rejection ->> 'vacancyId'
        where owed.candidate_id = one.candidate_id
        and owed.status = 'rejected' and not word.is_superseded and word.told_at is null
        and coalesce(owed.rejection -> 'alreadyTold', 'true') <> 'true'
        and not exists (
            select 1 from applications as told
            left join vacancy_ids as there on there.vacancy_id = told.rejection ->> 'vacancyId'
            where told.candidate_id = one.candidate_id
            and told.application_id <> owed.application_id
            and coalesce(told.answered_at > word.back_at, told.answered_at is not null)
            and (
                (
                    told.source <> owed.source
                    and compared_title(told.rejection ->> 'vacancyTitle')
                    = compared_title(owed.rejection ->> 'vacancyTitle')
                )
                or coalesce(there.source_vacancy_id, told.rejection ->> 'vacancyId')
                = coalesce(place.source_vacancy_id, owed.rejection ->> 'vacancyId')
            )
            and abs(extract(
                epoch from (told.rejection ->> 'decidedAt')::timestamptz
                - (owed.rejection ->> 'decidedAt')::timestamptz
            )) < 86400
        )
        and (
            teller.recorded_at >= law.before
            or (
                exists (
                    select 1
                    from candidates as person
                    cross join lateral (
                        values
                        ('email', person.personal_data #> '{emails,value}' is not null),
                        ('sms', person.personal_data #> '{phone,value}' is not null)
                    ) as reach (channel, is_there)
                    left join channel_stops as stop
                        on stop.candidate_id = person.candidate_id
                        and stop.channel = reach.channel and stop.lifted_at is null
                    where person.candidate_id = one.candidate_id
                    and reach.is_there and stop.position is null
                )
                and not exists (
                    select 1 from applications as hired
                    where hired.candidate_id = one.candidate_id
                    and hired.source = owed.source
                    and (owed.rejection ->> 'decidedAt')::timestamptz
                    <= hired.hired_at + interval '90 days'
                )
                and not exists (
                    select 1 from timeline as tried
                    where tried.candidate_id = one.candidate_id
                    and tried.at < law.before
                    and tried.facts ->> 'applicationId' = owed.application_id
                    and tried.kind in (
                        'message_failed', 'message_dropped', 'message_expired',
                        'message_uncertain', 'message_bounced'
                    )
                )
            )
        )
    )
)
for update skip locked;

-- name: countries(keys)
select applicant_key, candidate_id, country
from applicant_countries where applicant_key = any(:keys::text []);

-- name: decided(keys, untils)
-- What was decided about these applicants, as far as it was said until then.
select
    candidate_id, applicant_key, application_id, decided_at, answered_at,
    rejection ->> 'vacancyId' as vacancy_id, rejection ->> 'vacancyTitle' as vacancy_title,
    rejection ->> 'stage' as stage, rejection #>> '{reason,code}' as reason,
    vacancy #>> '{jobLocation,country}' as country, vacancy #>> '{jobLocation,region}' as region
from unnest(:keys::text [], :untils::timestamptz []) as leaving (applicant_key, until)
inner join applications using (applicant_key)
left join vacancies on vacancies.vacancy_id = rejection ->> 'vacancyId'
where rejection is not null and least(status_time, decided_at) <= leaving.until;

-- name: hold(ids, keys, application_ids, untils, sealed)!
insert into held_decisions (candidate_id, applicant_key, application_id, keep_until, sealed)
select * from unnest(
    :ids::text [], :keys::text [], :application_ids::text [], :untils::timestamptz [],
    :sealed::bytea []
)
on conflict (applicant_key, application_id) do update
set
    candidate_id = excluded.candidate_id, keep_until = excluded.keep_until,
    sealed = excluded.sealed;

-- name: held(ids, keys, now)
select candidate_id, application_id, keep_until, sealed from held_decisions
where (candidate_id = any(:ids::text []) or applicant_key = any(:keys::text []))
and keep_until > :now::timestamptz
order by keep_until, application_id;

-- name: let_go(now, limit)
delete from held_decisions where (applicant_key, application_id) in (
    select applicant_key, application_id from held_decisions
    where keep_until <= :now::timestamptz
    order by keep_until limit :limit::bigint
)
returning application_id;

-- name: keep_chains(keys, untils)$
select keep_consents(:keys::text [], :untils::timestamptz []);

-- name: forget_chains(now, limit)$
select forget_consents(:now::timestamptz, :limit::integer);

-- name: count(day, reason, countries, people)!
insert into departures (day, reason, country, people)
select :day::date, :reason::text, * from unnest(:countries::text [], :people::bigint [])
on conflict (day, reason, country) do update set people = departures.people + excluded.people;

-- name: departures(since)
select day, reason, country, people from departures
where day >= :since::date
order by day, reason, country;

-- name: left_as(hashes)
-- By which applicants somebody who has left was known.
select applicant_key from identities where hash = any(:hashes::bytea []) and erased_at is not null
union
select applicant_key from likenesses where hash = any(:hashes::bytea []) and erased_at is not null;

-- name: known_as(keys)
select known.as as known_as
from applicants
cross join lateral (
    select jsonb_object_keys(coalesce(personal_data -> 'also_known_as', '{}')) as "as"
    union
    select jsonb_object_keys(coalesce(corrected -> 'also_known_as', '{}'))
    union
    select unnest(array_remove(array[to_verify, phone_to_verify], null))
) as known
where applicant_key = any(:keys::text []);

-- name: applicants(ids)
select applicant_key from applicants where candidate_id = any(:ids::text []);

-- name: identities(keys)
select hash from identities where applicant_key = any(:keys::text []);

-- name: addresses(keys)
select distinct hash from likenesses where applicant_key = any(:keys::text []);

-- name: is_known(key, hashes)$
select exists (
    select from candidates where candidate_id = :key::text
    union all
    select from identities inner join applicants using (applicant_key)
    where hash = any(:hashes::bytea [])
    union all
    select from likenesses inner join applicants using (applicant_key)
    where hash = any(:hashes::bytea [])
);
