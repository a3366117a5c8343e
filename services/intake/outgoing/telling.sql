-- name: applicants(ids)
select applicant_key from applicants
where candidate_id = any(:ids::text [])
order by applicant_key;

-- name: told(keys, application_ids, vacancy_ids, shortlist_ids)
-- Of each note whose applicant it is told of: what is about another source's vacancy is that source's
-- to hear, of the same person there. Of a letter's application the vacancy is named as well.
with asked as (
    select note.*, one.candidate_id, one.source
    from
        unnest(
            :keys::text [], :application_ids::text [], :vacancy_ids::text [],
            :shortlist_ids::text []
        ) with ordinality as note (applicant_key, application_id, vacancy_id, shortlist_id, nth)
    inner join applicants as one using (applicant_key)
),

about as (
    select
        asked.nth, asked.applicant_key, asked.candidate_id, asked.application_id, asked.source,
        vacancy.source as vacancy_source, vacancy.source_vacancy_id
    from asked
    left join shortlists using (shortlist_id)
    left join applications
        on applications.candidate_id = asked.candidate_id
        and applications.application_id = asked.application_id
    left join vacancy_ids as vacancy
        on vacancy.vacancy_id = coalesce(
            asked.vacancy_id, shortlists.vacancy_id, applications.rejection ->> 'vacancyId'
        )
)

select
    about.nth, theirs.candidate_id, theirs.applicant_key, theirs.source, id.source_applicant_id,
    application.source_application_id, about.source_vacancy_id
from about
inner join applicants as theirs
    on theirs.candidate_id = about.candidate_id
    and theirs.source = coalesce(about.vacancy_source, about.source)
    and (theirs.applicant_key = about.applicant_key or theirs.source <> about.source)
cross join lateral (
    select source_applicant_id
    from applicant_ids inner join identities using (hash)
    where applicant_ids.applicant_key = theirs.applicant_key
    order by is_former, source_applicant_id
    limit 1
) as id
left join lateral (
    select source_application_id
    from applications
    where applications.applicant_key = theirs.applicant_key
    order by
        coalesce(applications.application_id = about.application_id, false) desc,
        decided_at desc, source_application_id
    limit 1
) as application on true
order by about.nth, theirs.applicant_key;

-- name: put(keys, sources, event_ids, applicants, applications, vacancies, whats, channels, times, wait)!
insert into outgoing (
    endpoint_id, applicant_key, event_id, source_applicant_id, source_application_id,
    source_vacancy_id, what, channels, at, due_at
)
select
    endpoint_id, applicant_key, event_id, applicant_id, application_id, vacancy_id, what,
    string_to_array(channels, ','), at, clock_timestamp() + make_interval(secs => :wait::float)
from
    unnest(
        :keys::text [], :sources::text [], :event_ids::text [], :applicants::text [],
        :applications::text [], :vacancies::text [], :whats::text [], :channels::text [],
        :times::timestamptz []
    ) with ordinality as said (
        applicant_key, source, event_id, applicant_id, application_id, vacancy_id, what, channels,
        at, nth
    )
inner join endpoints using (source)
order by nth, endpoint_id;
