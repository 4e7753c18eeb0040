/**
 * No address stays in memory after its request. An address that is not in memory cannot make a later response faster.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { uncovered } from '../support/child-processes.ts'
import type { Remains } from '../support/http/addresses-in-memory.ts'

// Why the limit: a snapshot cuts strings off after 1024 characters, and pages are longer.
const flags = ['--expose-gc', '--heap-snapshot-string-limit=200000']

t.test(
  'memory: an address does not stay in memory after its request, in any format, language and signature',
  async t => {
    // Why another process: this one also holds everything that tap and the other tests keep.
    const script = fileURLToPath(new URL('../support/http/addresses-in-memory.ts', import.meta.url))
    const env = { ...process.env, ...uncovered }
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script], { env })
    const { statuses, found }: Remains = JSON.parse(stdout)
    t.ok((statuses['200'] ?? 0) > 250, 'most requests are answered')
    t.same(found, ['held'], 'only the address that the script keeps on purpose is found')
  }
)
