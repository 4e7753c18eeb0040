/**
 * A logger that writes nothing.
 */
import { pino } from 'pino'

export const silentLogger = pino({ level: 'silent' })
