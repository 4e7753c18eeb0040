/**
 * What answers mail programs: the app, and its ways in by http and https.
 */
import type { Logger } from 'pino'
import { createApp } from '../app.ts'
import { writerOf } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { createTlsListener } from '../http/connections/tls-listener.ts'
import type { Tally } from '../http/log/tally.ts'
import type { Source } from '../sources/source.ts'
import type { Places } from './addresses.ts'
import { connectionsThatFit, descriptorLimit } from './descriptors.ts'
import { createDrain, type Drain } from './drain.ts'
import type { Listening } from './greeting.ts'
import { createLeave, type Leave } from './leave.ts'
import { listen } from './listen.ts'
import type { Inputs } from './settings-and-keys.ts'

export interface Front {
  /** @throws AC_CANNOT_LISTEN */
  listen(): Promise<Pick<Listening, 'plain' | 'secure'>>
  readonly leave: Leave
  readonly drain: Drain
}

export interface FrontOptions {
  readonly source: Source
  readonly logger: Logger
  readonly places: Pick<Places, 'http' | 'tls'>
  readonly tally?: Tally | undefined
  /** How many processes share the limits. */
  readonly workers?: number
}

export function openFront(inputs: Inputs, { source, logger, places, tally, workers = 1 }: FrontOptions): Front {
  const { signing, certificates, redisPassword } = inputs
  for (const provider of source.table.providers) for (const dialect of dialects) writerOf(dialect, provider)
  const app = createApp({
    source,
    logger,
    signing,
    workers,
    redisPassword,
    mostConnections: connectionsThatFit(descriptorLimit()),
    ...(tally && { tally })
  })
  const tls = places.tls && createTlsListener(app, certificates)
  const doors = tls ? [tls] : []
  return {
    async listen() {
      const plain = await listen(app, places.http)
      const secure = tls && places.tls ? await listen(tls, places.tls) : []
      return { plain, secure }
    },
    leave: createLeave(app.server, ...doors),
    drain: createDrain(app, ...doors)
  }
}
