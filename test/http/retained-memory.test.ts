/**
 * Headers and URLs of requests do not stay in memory after the response.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { uncovered } from '../support/child-processes.ts'

const script = fileURLToPath(new URL('../support/memory/retained.ts', import.meta.url))

/** Bytes kept for each request. Each request has 7,000 to 14,000 bytes that must not be kept. */
const most = 4000

t.test('retained memory: values kept from a request do not keep the whole request in memory', async t => {
  const env = { ...process.env, ...uncovered }
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script], { env })
  const retained: Readonly<Record<string, number>> = JSON.parse(stdout)
  t.ok(Object.keys(retained).length > 10)
  for (const [what, bytes] of Object.entries(retained)) t.ok(bytes < most, `${what}: ${bytes} bytes`)
})
