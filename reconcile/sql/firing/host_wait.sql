-- One row: until when a host has asked to be left alone, null if it did not. It is on disk with the
-- postbacks it answered so, and so outlives the process.
select max(next_at) as free_at from intent
where state = 'retryable' and host = $host and reason in ('too_many', 'unavailable');
