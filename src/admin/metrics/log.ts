/**
 * The metrics of the log.
 */
import type { LogStream } from '../../http/log/log-stream.ts'
import type { Measure } from './measure.ts'

export function logMeasures(log: Pick<LogStream, 'dropped'>): readonly Measure[] {
  return [
    {
      type: 'counter',
      name: 'signpost_log_lines_dropped_total',
      help: 'Log lines dropped because standard output did not keep up.',
      values: () => [{ value: log.dropped }]
    }
  ]
}
