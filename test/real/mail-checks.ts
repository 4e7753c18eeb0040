// Real mail programs use an account that Thunderbird has found: host, port, security and user name come only from there.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { CURL_LOGIN_DENIED, readMail } from './curl.ts'
import type { Outcome } from './program.ts'
import { SWAKS_AUTHENTICATION_FAILED, submitMail } from './swaks.ts'
import type { FoundAccount } from './thunderbird.ts'
import type { World } from './world.ts'

export interface MailChecksOptions {
  world: World
  account: FoundAccount
  address: string
  password: string
}

const ARRIVAL_ATTEMPTS = 40
const ARRIVAL_INTERVAL = 250

export function checkMailPrograms(t: Test, { world, account, address, password }: MailChecksOptions): void {
  const { thunderbird, trustedRoot } = world
  const { outgoing } = account
  const subject = `by way of ${outgoing.hostname}:${outgoing.port}`

  t.test(`thunderbird: logs in to ${place(account.incoming)}, which it has found`, async t => {
    t.same(await thunderbird.logIn(address, password), account.incoming, 'the server of the login')
  })

  t.test(`thunderbird: is refused by ${place(account.incoming)} with a wrong password`, async t => {
    await t.rejects(thunderbird.logIn(address, 'wrong'), Error, 'the log-in')
  })

  t.test(`swaks: submits a message to ${place(outgoing)}, which thunderbird has found`, async t => {
    const { exitCode, output } = await submitMail(outgoing, password, { subject, trustedRoot })
    t.equal(exitCode, 0, 'exit code', { output })
  })

  t.test(`swaks: is refused by ${place(outgoing)} with a wrong password`, async t => {
    const { exitCode, output } = await submitMail(outgoing, 'wrong', { subject, trustedRoot })
    t.equal(exitCode, SWAKS_AUTHENTICATION_FAILED, 'exit code', { output })
  })

  for (const server of [account.incoming, ...account.incomingAlternatives]) {
    t.test(`curl: reads the submitted message from ${place(server)}, which thunderbird has found`, async t => {
      const { exitCode, output } = await untilArrived(() => readMail(server, password, { trustedRoot }), subject)
      t.equal(exitCode, 0, 'exit code', { output })
      t.match(output, `Subject: ${subject}`, 'the message')
    })

    t.test(`curl: is refused by ${place(server)} with a wrong password`, async t => {
      const { exitCode, output } = await readMail(server, 'wrong', { trustedRoot })
      t.equal(exitCode, CURL_LOGIN_DENIED, 'exit code', { output })
    })
  }
}

function place({ hostname, port, security }: FoundAccount['incoming']): string {
  return `${hostname}:${port} (${security})`
}

async function untilArrived(read: () => Promise<Outcome>, subject: string): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await read()
    const hasArrived = outcome.output.includes(subject)
    if (hasArrived || outcome.exitCode === CURL_LOGIN_DENIED || attempt === ARRIVAL_ATTEMPTS) return outcome
    await sleep(ARRIVAL_INTERVAL)
  }
}
