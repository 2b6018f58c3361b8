-- Without it every settled row would read all attempts.
create index attempt_intent on attempt (intent);
