/**
 * A day as people read it. Why not as it comes: a stranger's certificate may hold any.
 */

/** @param time milliseconds since 1970. @returns `2026-11-24` */
export function dateOf(time: number): string {
  return Number.isNaN(time) ? 'an unknown day' : new Date(time).toISOString().slice(0, 10)
}
