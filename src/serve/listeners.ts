/**
 * The app that answers mail programs, and its listeners for http and https.
 */
import type { Logger } from 'pino'
import { createApp } from '../app.ts'
import { writerOf } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { createTlsListener } from '../http/connections/tls-listener.ts'
import type { Tally } from '../http/log/tally.ts'
import type { Source } from '../sources/source.ts'
import type { Automatic } from './automatic-certificates.ts'
import { connectionsThatFit, descriptorLimit } from './descriptors.ts'
import { createDrain, createRetire, type Drain, type Retire } from './drain.ts'
import type { Listening } from './greeting.ts'
import { type ListenAddresses, listen } from './listen.ts'
import type { SettingsAndKeys } from './settings-and-keys.ts'

export interface Listeners {
  /** @throws AC_CANNOT_LISTEN */
  listen(): Promise<Pick<Listening, 'plain' | 'secure'>>
  readonly retire: Retire
  readonly drain: Drain
}

export interface ListenersOptions {
  readonly source: Source
  readonly logger: Logger
  readonly addresses: Pick<ListenAddresses, 'http' | 'tls'>
  readonly tally?: Tally | undefined
  /** The number of processes that share the limits. */
  readonly workers?: number
  /** Certificates that a certificate authority issues for this service. */
  readonly automatic?: Automatic | undefined
}

export function openListeners(
  settingsAndKeys: SettingsAndKeys,
  { source, logger, addresses, tally, workers = 1, automatic }: ListenersOptions
): Listeners {
  const { signing, certificates, redisPassword } = settingsAndKeys
  for (const provider of source.table.providers) for (const dialect of dialects) writerOf(dialect, provider)
  const app = createApp({
    source,
    logger,
    signing,
    workers,
    redisPassword,
    mostConnections: connectionsThatFit(descriptorLimit()),
    challengeOf: automatic?.challengeOf,
    ...(tally && { tally })
  })
  const { held, tlsChallengeOf } = automatic ?? {}
  const tls = addresses.tls && createTlsListener(app, certificates, { automatic: held, tlsChallengeOf })
  const further = tls ? [tls] : []
  return {
    async listen() {
      const plain = await listen(app, addresses.http)
      const secure = tls && addresses.tls ? await listen(tls, addresses.tls) : []
      return { plain, secure }
    },
    retire: createRetire(app.server, ...further),
    drain: createDrain(app, { listeners: further })
  }
}
