/**
 * Imports a document from a URL.
 */
import { createTracer } from '../../clients/model/tracer.ts'
import type { World } from '../../clients/model/world.ts'
import { errors } from '../../errors.ts'
import { withoutUserinfo } from '../../settings/load/finding.ts'
import { importDocument } from '../import-document.ts'
import { unknownFormat } from '../import-path.ts'
import type { Imported } from '../imported.ts'

/** @throws AC_IMPORT_UNREADABLE, AC_IMPORT_UNKNOWN */
export async function importUrl(url: string, world: World): Promise<Imported> {
  // Why: the table names its source, and must not contain a password.
  const source = withoutUserinfo(url)
  const tracer = createTracer(world)
  const { response } = await tracer.follow({ method: 'GET', url, headers: {} }, { most: 5 })
  if (response?.status !== 200) {
    const last = tracer.trace.slice(-1).map(({ asked, result }) => `${withoutUserinfo(asked)}: ${result}`)
    throw errors.importUnreadable({ source, reason: last.join() })
  }
  const imported = importDocument(response.bytes ?? Buffer.from(response.body), source.replace(/\?.*/, ''))
  if ('found' in imported) throw unknownFormat(imported, source)
  return imported
}
