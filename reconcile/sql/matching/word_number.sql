-- One row per spelling and its number.
-- Left out: nothing.
select word, word_no
from word
