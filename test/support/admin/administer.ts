/**
 * A service and its admin service, with files that can be changed.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { createApp } from '../../../src/app.ts'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { openCertificates } from '../../../src/keys/certificates.ts'
import { openSigning } from '../../../src/keys/signing.ts'
import { openDomains } from '../../../src/lookups/domains.ts'
import { openAdmin } from '../../../src/serve/admin/admin-listener.ts'
import { createReloader } from '../../../src/serve/reloader.ts'
import { openFile } from '../../../src/sources/file.ts'
import { type Issued, issue } from '../certificates.ts'
import { exampleSettings } from '../served-app.ts'
import { readMetrics } from './read-metrics.ts'

/** Settings that name two certificates for https, and one to sign with. */
export const withKeys = `signing: { certificate: signing.pem, key: signing.key, required: true }\n${exampleSettings.replace(
  'http: {',
  'http: { tls: { certificates: [{ certificate: a.pem, key: a.key }, { certificate: b.pem, key: b.key }] },'
)}`

const oneCertificate = { certificates: 1, problems: 0, firstExpiry: Date.UTC(2030, 0, 1) }

/** @param pairs key pairs by file name: `a`, `b` and `signing` for `withKeys` */
export async function administer(t: Test, settings = exampleSettings, pairs: Readonly<Record<string, Issued>> = {}) {
  const folder = t.testdir({ 'a.yaml': settings })
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const putPair = (name: string, { pem, keyPem }: Issued) => {
    put(`${name}.pem`, pem)
    put(`${name}.key`, keyPem)
  }
  for (const [name, issued] of Object.entries(pairs)) putPair(name, issued)
  const file = join(folder, 'a.yaml')
  const source = openFile(file)
  const signing = openSigning(file, () => source.table.settings.signing)
  const certificates = openCertificates(file, () => source.table.settings.http?.tls)
  const lines: string[] = []
  const logger = createLogger({}, { write: line => lines.push(line) })
  const domains = await openDomains(source, { file, logger })
  const { invalidate } = domains
  const reloader = createReloader({ source, signing, certificates, logger, invalidate })
  const tally = createTally()
  const app = createApp({ source: domains.source, logger, signing, tally })
  const { app: admin, announceStop } = await openAdmin({
    file,
    source,
    signing,
    certificates,
    reloader,
    logger,
    log: { dropped: 3 },
    tally,
    domains,
    orderer: { counts: { obtained: 0, failed: 0, refused: 0 }, summary: () => oneCertificate }
  })
  t.teardown(() => Promise.all([app.close(), admin.close()]))
  return {
    app,
    admin,
    announceStop,
    file,
    put,
    putPair,
    readLog: () => lines.splice(0).join(''),
    metrics: async () => readMetrics((await admin.inject('/metrics')).body),
    ready: async () => {
      const { statusCode, body } = await admin.inject('/readyz')
      const { ready, parts } = JSON.parse(body) as Readiness
      const remarks = Object.values(parts).flatMap(({ remark }) => remark ?? [])
      return { statusCode, ready, remarks }
    }
  }
}

interface Readiness {
  readonly ready: boolean
  readonly parts: Readonly<Record<string, { readonly ready: boolean; readonly remark?: string }>>
}

/** @param days until the certificate expires */
export const below = (name: string, days: number) => issue(name, { hosts: [name], from: -99, until: days })
export const goodPairs = () => ({
  a: below('a.example', 60),
  b: below('b.example', 50),
  signing: below('s.example', 40)
})
