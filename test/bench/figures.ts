// How reports format figures, and which ones they mark as doubtful.
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

export const aim = (text: string, reached: boolean): string => (reached ? text : `${text} **missed**`)

// Why: a ratio compares servers only if they limit the load. A server that idles was slowed down by wrk
// or by another program on the machine.
/** The minimum share of its core that a server must use. */
export const BUSY_ENOUGH = 0.9
