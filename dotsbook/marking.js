// The studio's and a reviewer's bundle's: which line a person means who marks what they heard. It takes them about a second, and lines are short: of those that
// were heard lately it is the one in which, by how people's times are spread, the moment most likely was.

const REACTION = 1.0 // s, as often less as more
const ALIKE = 8 // how alike people's times are: with 8, nine of ten are between 0.7 and 1.45 s

// How likely it is that somebody takes no longer than so many seconds.
const within = seconds => (seconds <= 0 ? 0 : 1 / (1 + (REACTION / seconds) ** ALIKE))

// heard: [{place, from, to, second, speed}], the newest last: when (ms of the clock) a line was heard from which second of
// its take on, and how fast. now: when it was marked. Where and at which second of the take the moment was.
export function meantAmong(heard, now) {
  const likely = one => within((now - one.from) / 1000) - within((now - (one.to ?? now)) / 1000)
  const best = heard.reduce((found, one) => (found && likely(found) > likely(one) ? found : one), null)
  if (!best) return null
  const at = Math.min(Math.max(now - REACTION * 1000, best.from), best.to ?? now)
  return { place: best.place, second: Math.round((best.second + (at - best.from) / 1000 * best.speed) * 100) / 100 }
}
