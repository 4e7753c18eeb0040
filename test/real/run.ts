// Entry of `npm run test:clients [file…]`: real mail programs with a real Signpost, in a private network.
// Exit code: 0 all passed, 1 a test failed, 2 cannot run here.

import { readdir } from 'node:fs/promises'
import { inNamespace, namespacesAreAllowed } from './namespace.ts'
import { installNodeVersions } from './node-versions.ts'
import { missingPrograms } from './packages.ts'

// Why: `su` without a dash leaves the system's programs out of PATH.
process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`

const obstacles = await missingPrograms()
if (process.getuid?.() !== 0) obstacles.push('not root: a private network, Dovecot and Postfix need root')
if (obstacles.length === 0 && !(await namespacesAreAllowed())) {
  obstacles.push('unshare is refused: a container must be started with --privileged')
}

if (obstacles.length > 0) {
  for (const obstacle of obstacles) process.stderr.write(`test:clients: ${obstacle}\n`)
  process.exitCode = 2
} else {
  const named = process.argv.slice(2)
  const files = named.length > 0 ? named : await allFiles()
  // Why here: the namespace of the tests has no network.
  if (files.includes('test/real/node-versions.real.ts')) await installNodeVersions()
  // Why: one file at a time, since all of them use the same ports.
  // Why so long: files that build a container image or a Debian package take three minutes on a busy machine.
  const options = ['--disable-coverage', '--jobs=1', '--timeout=800', '--reporter=tap']
  process.exitCode = await inNamespace('tap', ['run', ...options, ...files])
}

async function allFiles(): Promise<string[]> {
  const names = (await readdir('test/real')).filter(name => name.endsWith('.real.ts'))
  return names.sort().map(name => `test/real/${name}`)
}
