-- One row per switch.
select name, value from control;
