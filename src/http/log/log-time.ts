/**
 * The time of a log line, as RFC 3339 in UTC with milliseconds.
 */

/**
 * @param now milliseconds since 1970
 * @returns a part of a line of JSON, with the comma in front, as pino expects it
 *
 * Why kept for a second: formatting takes 0.5 µs, as long as the rest of a line (Node 24.21, 2026-11-30).
 */
export function createLogTime(now: () => number = Date.now): () => string {
  let second = Number.NaN
  let start = ''
  return () => {
    const time = now()
    const milliseconds = time % 1000
    if (time - milliseconds !== second) {
      second = time - milliseconds
      start = `,"time":"${new Date(second).toISOString().slice(0, -4)}`
    }
    return `${start}${endings[milliseconds]}`
  }
}

const endings = Array.from({ length: 1000 }, (_, milliseconds) => `${String(milliseconds).padStart(3, '0')}Z"`)
