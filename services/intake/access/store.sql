-- name: held(keys)$
-- All that is held of these applicants, who are of one person, but for what recognises them alone.
with theirs as (
    select * from applicants where applicant_key = any(:keys::text [])
),

person as (
    select distinct candidate_id from theirs
)

select jsonb_build_object(
    'people', (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'source', source,
            'ids', (
                select jsonb_agg(source_applicant_id order by source_applicant_id)
                from applicant_ids where applicant_ids.applicant_key = theirs.applicant_key
            ),
            'name', put_right #> '{name,value}',
            'emails', put_right #> '{emails,value}',
            'phone', put_right #> '{phone,value}',
            'language', put_right #> '{locale,value}',
            'timeZone', put_right #> '{time_zone,value}',
            'country', put_right #> '{country,value}',
            'alsoKnownAs', (
                select jsonb_agg(known_as order by known_as)
                from jsonb_object_keys(personal_data -> 'also_known_as') as known_as
            ),
            'recordedAt', recorded_at,
            'lastHeardAt', last_human_contact_at,
            'pausedUntil', paused_until
        )) order by recorded_at, applicant_key)
        from theirs
    ),
    'applications', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'applicationId', source_application_id,
            'source', applications.source,
            'status', status,
            'decidedAt', decided_at,
            'vacancyTitle', rejection -> 'vacancyTitle',
            'answer', rejection -> 'tier',
            'stage', rejection -> 'stage',
            'finishingPlace', rejection -> 'finishingPlace',
            'reason', rejection -> 'reason',
            'whatWasMissing', rejection -> 'shortfalls',
            'note', note,
            'toldAt', answered_at
        )) order by decided_at), '[]')
        from applications where applicant_key = any(:keys::text [])
    ),
    'whatYouSayYouHaveNow', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'applicationId', source_application_id, 'requirementId', requirement_id,
            'on', closed_at
        ) order by closed_at, requirement_id), '[]')
        from closed_gaps inner join applications using (candidate_id, application_id)
        where applicant_key = any(:keys::text [])
    ),
    'news', (
        select coalesce(jsonb_agg(
            jsonb_build_object('kind', kind, 'name', name, 'on', told_at) order by told_at, name
        ), '[]')
        from news where applicant_key = any(:keys::text [])
    ),
    'profiles', (
        select coalesce(jsonb_agg(profile::jsonb order by profile_time), '[]')
        from profiles where applicant_key = any(:keys::text [])
    ),
    'agreements', (
        -- include: agreements
    ),
    'stops', (
        -- include: stops
    ),
    'answers', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'question', question, 'answer', answer, 'at', answered_at
        ) order by answered_at, question), '[]')
        from answers where applicant_key = any(:keys::text [])
    ),
    'interests', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'vacancyTitle', vacancy_title, 'answer', answer, 'at', raised_at,
            'endedAt', ended_at, 'endedAs', ended_as
        )) order by raised_at, interest_id), '[]')
        from interests where applicant_key = any(:keys::text [])
    ),
    'told', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'source', source, 'noted', what, 'at', at
        ) order by at, id), '[]')
        from outgoing inner join endpoints using (endpoint_id)
        where applicant_key = any(:keys::text [])
    ),
    'shortlists', (
        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'vacancyTitle', vacancy_title, 'at', ranked_at, 'rank', rank,
            'reasonsFor', reasons_for, 'reasonsAgainst', reasons_against,
            'decision', choice, 'because', because, 'decidedAt', decided_at
        )) order by ranked_at), '[]')
        from shortlisted
        inner join person using (candidate_id)
        inner join shortlists using (shortlist_id)
        left join shortlist_decisions using (shortlist_id, candidate_id)
    ),
    'timeline', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'at', at, 'what', kind, 'facts', facts
        ) order by at, id), '[]')
        from timeline where applicant_key = any(:keys::text [])
    ),
    'seen', (
        select coalesce(jsonb_agg(
            jsonb_build_object('at', at, 'who', kind, 'did', act) order by latest.id
        ), '[]')
        from (
            select audit_entries.* from audit_entries
            where exists (select from person where candidate_id = any(about))
            order by id desc limit 200
        ) as latest
    )
);

-- name: agreements(keys)$
select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'purpose', given.purpose, 'channel', given.channel, 'by', given.how,
    'from', given.at, 'until', given.until, 'wording', given.wording_version,
    'endedAt', over.at, 'endedBy', over.how
)) order by given.at, given.purpose, given.channel), '[]')
from consent_chains
inner join consent_entries as given
    on given.chain = consent_chains.chain and given.act = 'agreed'
left join consent_entries as over
    on over.chain = given.chain and over.ends = given.position
where consent_chains.applicant_key = any(:keys::text []);

-- name: stops(keys)$
select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'channel', channel, 'from', stopped_at, 'by', how, 'liftedAt', lifted_at
)) order by stopped_at, channel), '[]')
from channel_stops where applicant_key = any(:keys::text []);

-- name: of_source(keys, source, private, most)^
-- What a source may know of an applicant of its own, and of which person they are; nothing that
-- concerns a vacancy of another source. Messages without a vacancy are the employer's to know of.
select
    candidate_id,
    jsonb_strip_nulls(jsonb_build_object(
        'pausedUntil', paused_until,
        'applications', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'applicationId', source_application_id, 'publishedAs', application_id,
                'status', status, 'decidedAt', decided_at, 'tier', rejection -> 'tier',
                'vacancyId', source_vacancy_id, 'vacancyTitle', rejection -> 'vacancyTitle',
                'toldAt', answered_at
            ) order by decided_at, source_application_id), '[]')
            from applications
            left join vacancy_ids on vacancy_id = rejection ->> 'vacancyId'
            where applications.applicant_key = applicant.applicant_key
        ),
        'messages', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'at', at, 'what', substr(kind, length('message_') + 1),
                'purpose', facts -> 'purpose', 'channel', facts -> 'channel',
                'applicationId', source_application_id, 'because', facts -> 'because',
                'reported', outcome, 'reportedAt', reported_at
            ) order by at, id), '[]')
            from (
                select timeline.*, source_application_id, outcome, reported_at
                from timeline
                left join lateral (
                    select source_application_id from applications
                    where applications.applicant_key = applicant.applicant_key
                    and application_id = facts ->> 'applicationId'
                    union all
                    select source_application_id from former_application_ids as former
                    where former.applicant_key = applicant.applicant_key
                    and former.application_id = facts ->> 'applicationId'
                    limit 1
                ) as about on true
                left join shortlists on shortlist_id = facts ->> 'shortlistId'
                left join vacancy_ids using (vacancy_id)
                left join delivery_reports as report on message_id = facts ->> 'messageId'
                where timeline.candidate_id = applicant.candidate_id
                and starts_with(kind, 'message_')
                and not coalesce(facts ->> 'purpose' = any(:private::text []), false)
                and case
                    when vacancy_ids.source is null
                        then timeline.applicant_key = applicant.applicant_key
                    else vacancy_ids.source = :source::text
                end
                order by at desc, id desc
                limit :most::integer
            ) as newest
        ),
        'answers', (
            select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'question', question, 'answer', answer, 'at', answered_at,
                'vacancyId', source_vacancy_id
            )) order by answered_at, question), '[]')
            from answers left join vacancy_ids using (vacancy_id)
            where answers.applicant_key = applicant.applicant_key and question = any('{hat,interest,news}')
            and coalesce(vacancy_ids.source, :source::text) = :source::text
        ),
        'agreements', (
            -- include: agreements
        ),
        'stops', (
            -- include: stops
        )
    )) as known
from applicants as applicant
where applicant_key = any(:keys::text [])
order by recorded_at
limit 1;

-- name: reached_at(email, phone, now, most)
-- Each person once, as the applicant who came last. At a number those alone who are written to there,
-- for whoever names one in an application has not shown that it is theirs.
select * from (
    select distinct on (candidate_id) candidate_id, applicant_key, last.application_id, recorded_at
    from applicants
    left join lateral (
        select application_id from applications
        where applications.applicant_key = applicants.applicant_key
        order by decided_at desc, application_id
        limit 1
    ) as last on true
    where first_email = :email::text
    or (
        phone = :phone::text
        and (
            first_email is null
            or exists (
                select from consents
                where consents.applicant_key = applicants.applicant_key
                and channel = 'sms' and ended_at is null and until > :now::timestamptz
            )
        )
    )
    order by candidate_id, recorded_at desc, applicant_key
) as theirs
order by recorded_at desc, applicant_key
limit :most::integer;

-- name: changed(candidate_id, kinds, since)$
select count(*) from timeline
where candidate_id = :candidate_id and kind = any(:kinds::text []) and at > :since::timestamptz;

-- name: asked(applicant_key, since)
select at from timeline
where applicant_key = :applicant_key and kind in ('record_asked', 'address_given', 'number_given')
and at > :since::timestamptz
order by at desc;
