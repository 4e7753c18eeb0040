// A private environment for a command: a network with only the loopback, and its own processes, /etc/resolv.conf and scratch folder.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './program.ts'

/** Every host name of the tests resolves to this address. */
export const WORLD_ADDRESS = '127.0.42.1'
export const DNS_ADDRESS = '127.0.0.53'
/** Environment variable with the scratch folder that all test files of a run share. */
export const RUN_FOLDER = 'REAL_RUN_FOLDER'

const UNSHARE = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']

// Observed: with 127.0.0.1 alone, getaddrinfo with AI_ADDRCONFIG (Thunderbird 153) looks up no A records, so there is a second address.
// Why three attempts: on a busy machine the DNS stub, a part of the test, may take longer than a second.
// Why an address for the DNS: BIND listens only on addresses of interfaces.
// Why a shell: it stays the first process and reaps the children of daemons that have forked.
// Why: tap keeps its results in .tap, where another run of tap in this checkout would find and remove them.
const PREPARE = `
set -e
ip link set lo up
ip address add ${WORLD_ADDRESS}/32 dev lo
ip address add ${DNS_ADDRESS}/32 dev lo
mount -t tmpfs -o mode=755 signpost "$TMPDIR"
echo '127.0.0.1 localhost' > "$TMPDIR/hosts"
echo 'nameserver ${DNS_ADDRESS}
options timeout:1 attempts:3' > "$TMPDIR/resolv.conf"
mount --bind "$TMPDIR/hosts" /etc/hosts
mount --bind "$TMPDIR/resolv.conf" /etc/resolv.conf
mkdir -p .tap
mount -t tmpfs signpost .tap
"$@"
exit
`

export async function namespacesAreAllowed(): Promise<boolean> {
  const { exitCode } = await run('unshare', [...UNSHARE, 'true'])
  return exitCode === 0
}

/**
 * Runs the command and gives its exit code. The kernel ends every process of the namespace with its first one,
 * and the scratch folder is a file system of the namespace: nothing outlives the command, however it ends.
 */
export async function inNamespace(command: string, args: string[]): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'signpost-'))
  const child = spawn('unshare', [...UNSHARE, 'sh', '-c', PREPARE, 'sh', command, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: scratch, [RUN_FOLDER]: scratch }
  })
  // Why: unshare itself waits through SIGINT and SIGTERM.
  const kill = () => child.kill('SIGKILL')
  process.on('SIGINT', kill).on('SIGTERM', kill).on('SIGHUP', kill)
  const [code] = await once(child, 'close')
  rmdirSync(scratch)
  return typeof code === 'number' ? code : 130
}
