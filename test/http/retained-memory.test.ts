/**
 * What remains in memory of requests that are answered: not the headers and URLs that they came with.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const script = fileURLToPath(new URL('../support/memory/retained.ts', import.meta.url))

/** Bytes of each request. Those requests have 7,000 to 14,000 that nothing may keep. */
const most = 4000

t.test('retained memory: what is kept of a request does not keep the whole request', async t => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script])
  const retained: Readonly<Record<string, number>> = JSON.parse(stdout)
  t.ok(Object.keys(retained).length > 10)
  for (const [what, bytes] of Object.entries(retained)) t.ok(bytes < most, `${what}: ${bytes} bytes`)
})
