-- name: purposes()
select purpose, count(*) from notifier.messages where state = 'sent' group by purpose order by 2 desc;
