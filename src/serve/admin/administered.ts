/**
 * What the admin listener of a running `signpost serve` shows and controls.
 */
import type { Logger } from 'pino'
import type { Orderer } from '../../certificates/orderer.ts'
import type { LogStream } from '../../http/log/log-stream.ts'
import type { Tally } from '../../http/log/tally.ts'
import type { Certificates } from '../../keys/certificates.ts'
import type { Signing } from '../../keys/signing.ts'
import type { Domains } from '../../lookups/domains.ts'
import type { FileSource } from '../../sources/file.ts'
import type { Readiness } from '../../sources/readiness.ts'
import type { Reloader } from '../reloader.ts'
import type { Crew } from '../workers/crew.ts'

export interface Administered {
  /** The settings file: file names in it are relative to its folder. */
  readonly file: string
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  readonly reloader: Reloader
  readonly logger: Logger
  readonly log: Pick<LogStream, 'dropped'>
  readonly domains: Omit<Domains, 'start' | 'invalidate' | 'close'>
  /** Of requests that this process answers. */
  readonly tally?: Tally
  /** Orders certificates by ACME. */
  readonly orderer?: Pick<Orderer, 'counts' | 'summary'> | undefined
  /** Workers that answer in its place. */
  readonly crew?: Pick<Crew, 'name' | 'stateAt' | 'counts' | 'sizes' | 'measure'>
}

export interface Observed extends Administered {
  readonly readiness: readonly Readiness[]
}
