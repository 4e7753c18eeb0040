// Delta Chat's core and its model find the same settings: the same server, the same network, the same addresses. Mail servers refuse
// every login, so that the core reports all servers that it has tried.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { deltaChat as model } from '../../src/clients/delta-chat/delta-chat.ts'
import type { FoundServer } from '../../src/clients/model/client.ts'
import { askedByProgram, askedBySteps } from './models/asked.ts'
import { type Candidate, openDeltaChat } from './models/delta-chat/delta-chat.ts'
import { TRUSTED_NAME } from './models/delta-chat/trusting-program.ts'
import { type Login, startLoginRecorder } from './models/login-recorder.ts'
import { mailHostsOf, startModelWorld } from './models/model-world.ts'
import { loginNames, lookedUpTables, modelTables } from './models/tables.ts'

/** Titles of tables for which Delta Chat guesses a server. */
const guessed = new Set([
  'POP3 only',
  'POP3 with STARTTLS',
  'an internationalised domain in U-labels',
  'U-labels without any name',
  'no dialect',
  'SRV records only',
  'SRV records with STARTTLS',
  'SRV records for POP3',
  'SRV records for IMAP beside a document with POP3',
  'a customer’s domain with the mail exchanger of a hoster',
  'a customer’s domain with the name server of a hoster',
  'a domain that is not served'
])

const LOGIN_LIMIT_MS = 30_000

const tables = [...modelTables, ...lookedUpTables]
const mailHosts = mailHostsOf(tables)
const world = await startModelWorld(tables, {
  authority: { subject: `/${TRUSTED_NAME.join('/')}` },
  mailHosts,
  loginNames
})
t.teardown(world.stop)
const recorder = await startLoginRecorder(world.keep, {
  certificate: await world.authority.issue(mailHosts),
  verdict: 'refused'
})
const deltaChat = await world.keep(openDeltaChat(join(world.directory, 'delta-chat'), world.trustedRoot))

for (const [index, { title, address }] of tables.entries()) {
  t.test(`delta-chat: the core and its model find the same settings: ${title}`, async t => {
    const password = `password-${index}`
    const logins = recorder.expect(password)
    const { result: candidates, requests } = await world.observe(() => deltaChat.tryAccount(address, password))
    const { account, trace } = await model.discover(address, world.network)
    t.equal(isGuess(candidates, address), guessed.has(title), 'guessing by the program')
    t.equal(account === undefined, guessed.has(title), 'guessing by the model')

    if (account !== undefined) {
      t.same(await firstLogin('imap', logins, candidates), account.incoming, 'the incoming server')
      t.same(await firstLogin('smtp', logins, candidates), account.outgoing, 'the outgoing server')
    }

    // Why without repetitions: Delta Chat searches again for its report.
    t.same([...new Set(askedByProgram(requests))], askedBySteps(trace), 'the requests, in order')
  })
}

/** Why the domain itself: it is the last guess, and no table has a mail server of this name. */
function isGuess(candidates: readonly Candidate[], address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return candidates.some(({ host }) => host === domain)
}

/** @returns the first server with a login, or undefined if there is none in time */
async function firstLogin(
  protocol: Login['protocol'],
  logins: readonly Login[],
  candidates: readonly Candidate[]
): Promise<FoundServer | undefined> {
  const deadline = Date.now() + LOGIN_LIMIT_MS
  const find = () => logins.find(login => login.protocol === protocol)
  // Why: Delta Chat tries SMTP at the same time as IMAP, and does not wait for it if IMAP fails.
  while (find() === undefined && Date.now() < deadline) await sleep(20)
  const login = find()
  const candidate = candidates.find(
    each => each.protocol === protocol && each.port === login?.port && each.security === login.security
  )
  return login && candidate && { ...candidate, username: login.username }
}
