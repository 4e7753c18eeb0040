// How the reports write figures, and which of them they doubt.
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

export const aim = (text: string, reached: boolean): string => (reached ? text : `${text} **missed**`)

// Why: a ratio compares the servers only while they are what limits the load; a server that idles was held up by wrk
// or by something else on the machine.
/** The least share of its core that a server must use. */
export const BUSY_ENOUGH = 0.9
