// systemd as the first process of a copy of this machine's root, as after a boot: for tests of services.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Outcome, run, start } from './program.ts'
import type { RootOverlay } from './root-overlay.ts'

export interface BootedRoot {
  /** Runs a command beside systemd to its end. */
  run(command: string, args: readonly string[]): Promise<Outcome>
  stop(): Promise<void>
}

const bootMs = 60_000

// Why pivot_root: a process in a chroot cannot create the user namespace that PrivateUsers= of a unit requires.
// Why read-only: systemd then leaves the kernel's settings and devices alone, which are those of this machine.
const PREPARE = `
set -e
cd "$0"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mkdir .old
pivot_root . .old
umount --lazy /.old
exec env --ignore-environment container=test /lib/systemd/systemd --unit=test.target --log-target=console
`

/** @param directory for the log. @throws with the log if it does not come up */
export async function bootRoot({ path }: RootOverlay, directory: string): Promise<BootedRoot> {
  const log = join(directory, 'systemd.log')
  await writeFile(join(path, 'etc/systemd/system/test.target'), '[Unit]\nRequires=basic.target\nAfter=basic.target\n')
  // Why: the tests put files there, which systemd would hide with another mount.
  await run('ln', ['--symbolic', '--force', '/dev/null', join(path, 'etc/systemd/system/tmp.mount')])
  // Why: no service of this machine is started.
  await run('rm', ['--recursive', '--force', join(path, 'etc/systemd/system/multi-user.target.wants')])
  await mkdir(join(path, 'etc/systemd/system/multi-user.target.wants'))
  // Why: .ci/run may have created it to keep services of test packages from starting.
  await run('rm', ['--force', join(path, 'usr/sbin/policy-rc.d')])
  const namespaces = ['--mount', '--pid', '--cgroup', '--fork', '--kill-child']
  const outer = await start('unshare', [...namespaces, 'sh', '-c', PREPARE, path], { log, ready: [] })
  const deadline = Date.now() + bootMs
  while (Date.now() < deadline) {
    const { output } = await run('pgrep', ['--parent', String(outer.pid)])
    const enter = ['--target', output.trim(), '--mount', '--pid', '--cgroup']
    const booted: BootedRoot = {
      run: (command, args) => run('nsenter', [...enter, 'env', ...environment, command, ...args]),
      stop: () => outer.stop()
    }
    const { output: state } = await booted.run('systemctl', ['is-active', 'test.target'])
    if (state === 'active\n') return booted
    await sleep(200)
  }
  await outer.stop()
  throw new Error(`systemd does not come up: ${await readFile(log, 'utf8')}`)
}

const environment = [
  '--ignore-environment',
  'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  'DEBIAN_FRONTEND=noninteractive',
  'LC_ALL=C.UTF-8'
]
