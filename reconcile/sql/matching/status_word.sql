-- One row per file and status word: what the word means there.
-- Left out: nothing. Thousands of files share few sets of words, which are uploaded once each.
select f.file_no, w.raw, w.status
from file_words as f
inner join word_meaning as w on f.set_no = w.set_no
