// A user of this machine, by name.

import { run } from './program.ts'

export interface SystemUser {
  uid: number
  gid: number
}

export async function systemUser(name: string): Promise<SystemUser> {
  const { output } = await run('getent', ['passwd', name])
  const [, , uid, gid] = output.split(':')
  if (uid === undefined || gid === undefined) throw new Error(`no user ${name} on this machine`)
  return { uid: Number(uid), gid: Number(gid) }
}
