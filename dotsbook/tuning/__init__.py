"""Teaching dots.tts from recordings: data sets, training, judgement. It stands on production/ and on the rooms, and prints nothing."""
