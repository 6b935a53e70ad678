"""The render room: chunks in, finished takes on disk. It knows no manuscripts, no particular engine and no project.

How production/ uses it (`state` is Project.state, `takes` Project.takes, `path` Project.ledger, `cache` Project.cache):

    jobs = jobs.Jobs(script, voices, identities, seed)        # of the whole book, always
    jobs = jobs.with_retakes(book.retakes()); jobs.of(chapters)

    render   with write_lock.writing(state), ledger.writer(path, takes) as book, awake.awake():
                 missing = loop.pending(jobs, book)          # then by chapter, [:limit] …
                 disk.check_room(takes, disk.bytes_needed(calibration.audio_seconds(texts, speeds), len(missing), engine.rate))
                 bar = progress.Progress(missing)            # .add(event), .rate, .eta
                 judge = judgement.Judgement(book, jobs, judges.find()[0])
                 events = loop.render(missing, engine, book, takes, options=loop.Options(retries=…, budget=…, rate=…),
                                      examine=judge.examine, split=…, restart=…, stop=…,
                                      deadline=deadline.earliest(deadline.until(…), deadline.lasting(…)),
                                      renewed=…)            # jobs asked for since `missing` was made
                 with contextlib.closing(events):
                     for event in events: …                 # judge.learn(event), bar.add(event); the last is Finished
                 calibration.note(cache, identity, outcome.rate)        # if it is not None
             errors.Hung → print the sentence, flush, os._exit(1): a thread may still hold the engine
    again    book.bump([job.base for job in …], why)         # under the lock; then with_retakes anew
    plan     with ledger.reader(path, takes) as book: …      # works while another renders, and with no ledger yet
             calibration.expected_seconds(audio, calibration.known(cache, identity))    # None: unknown
    status   book.briefed(jobs), book.failures(), book.requests()
    assemble book.finished(keys) → {key: Take}
    sweep    under the lock: found = sweep.orphans(takes, book, {every key}); sweep.remove(takes, book, found)
    verify   audit.audit(book, takes) → Problems; under the lock audit.repair(book, problems);
             ledger.Damaged on opening, and --repair: audit.rebuild(path, takes)
"""
