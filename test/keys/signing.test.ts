import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openSigning, type Signing, type SigningSettings } from '../../src/keys/signing.ts'
import { describe } from '../../src/settings/load/finding.ts'
import { type Issued, type IssueOptions, issue } from '../support/certificates.ts'

const day = 24 * 60 * 60 * 1000
const now = Date.now()

/** Days from now. */
const inDays = (days: number) => now + days * day

function opened(t: Test, first: Issued) {
  const folder = t.testdir({ 'chain.pem': first.pem, 'key.pem': first.keyPem })
  let settings: SigningSettings | undefined = { certificate: 'chain.pem', key: 'key.pem' }
  const signing = openSigning(join(folder, 'signpost.yaml'), () => settings)
  t.teardown(() => signing.close())
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  return {
    signing,
    put,
    renew({ pem, keyPem }: Issued) {
      put('chain.pem', pem)
      put('key.pem', keyPem)
    },
    set(changed: SigningSettings | undefined) {
      settings = changed
    }
  }
}

const nameAt = (signing: Signing, days = 0) => signing.keyAt(inDays(days))?.name
const findingsOf = ({ findings }: Signing) => findings.map(describe).join('\n')

t.test('signing: has a key while its certificate is valid, and not a moment longer', async t => {
  const { signing } = opened(t, issue('first', { from: -1, until: 9 }))
  for (const [days, name] of [
    [-2, undefined],
    [0, 'first'],
    [8, 'first'],
    [10, undefined]
  ] as const) {
    t.equal(nameAt(signing, days), name, `${days}`)
  }
  const { notAfter = 0 } = signing.keyAt(now) ?? {}
  t.equal(signing.keyAt(notAfter)?.name, 'first')
  t.equal(signing.keyAt(notAfter + 1), undefined)
})

t.test('signing: a renewed pair replaces the old one', async t => {
  const { signing, renew } = opened(t, issue('first'))
  renew(issue('second'))
  t.equal(nameAt(signing), 'first')
  signing.reload()
  t.equal(nameAt(signing), 'second')
})

for (const [what, broken] of [
  ['a certificate without its key', ({ put }: ReturnType<typeof opened>) => put('chain.pem', issue('second').pem)],
  ['a key without its certificate', ({ put }) => put('key.pem', issue('second').keyPem)],
  ['half a file', ({ put }) => put('key.pem', '-----BEGIN PRIVATE KEY-----\nMIG')],
  ['an empty file', ({ put }) => put('chain.pem', '')],
  ['an expired pair', ({ renew }) => renew(issue('second', { from: -9, until: -1 }))],
  ['another file, which is missing', ({ set }) => set({ certificate: 'no.pem', key: 'key.pem' })]
] as const satisfies [string, (files: ReturnType<typeof opened>) => void][]) {
  t.test(`signing: ${what} is reported, and the last good pair stays until it expires`, async t => {
    const files = opened(t, issue('first', { until: 9 }))
    broken(files)
    files.signing.reload()
    t.not(findingsOf(files.signing), '')
    t.equal(nameAt(files.signing), 'first')
    t.equal(nameAt(files.signing, 10), undefined)
    files.signing.reload()
    t.equal(nameAt(files.signing), 'first')
    files.set({ certificate: 'chain.pem', key: 'key.pem' })
    files.renew(issue('third'))
    files.signing.reload()
    t.equal(nameAt(files.signing), 'third')
  })
}

t.test('signing: a pair that is not valid yet waits while the old one is used', async t => {
  const early: IssueOptions = { from: 5, until: 60 }
  const { signing, renew } = opened(t, issue('first', { until: 9 }))
  renew(issue('early', early))
  signing.reload()
  t.same(
    [0, 4, 6, 10].map(days => nameAt(signing, days)),
    ['first', 'first', 'early', 'early']
  )
  renew(issue('earlier', early))
  signing.reload()
  t.same(
    [0, 6, 10].map(days => nameAt(signing, days)),
    ['first', 'earlier', 'earlier']
  )
})

t.test('signing: without settings there is neither a key nor a finding', async t => {
  const { signing, set } = opened(t, issue('first'))
  t.match(findingsOf(signing), 'which devices do not know')
  set(undefined)
  signing.reload()
  t.equal(nameAt(signing), undefined)
  t.equal(findingsOf(signing), '')
})

interface Watched {
  readonly times: () => number
  readonly next: () => Promise<void>
}

function watch(signing: Signing): Watched {
  let times = 0
  let tell = () => {}
  signing.watch(() => {
    signing.reload()
    times += 1
    tell()
  })
  return {
    times: () => times,
    async next() {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const late = setTimeout(() => reject(new Error('not read again')), 10_000)
      tell = resolve
      await promise.finally(() => clearTimeout(late))
    }
  }
}

t.test('signing: changed files and changed settings are read automatically', async t => {
  const { signing, renew, set, put } = opened(t, issue('first'))
  const { next, times } = watch(signing)
  renew(issue('second'))
  await next()
  t.equal(nameAt(signing), 'second')
  const third = issue('third')
  put('other.pem', third.pem + third.keyPem)
  set({ certificate: 'other.pem', key: 'other.pem' })
  await next()
  t.equal(nameAt(signing), 'third')
  t.equal(times(), 2)
})

t.test('signing: unchanged contents are not read again, and nothing is read after closing', async t => {
  const first = issue('first')
  const { signing, renew } = opened(t, first)
  const { times } = watch(signing)
  renew(first)
  await sleep(2_500)
  t.equal(times(), 0)
  signing.close()
  renew(issue('second'))
  await sleep(2_500)
  t.equal(times(), 0)
  t.equal(nameAt(signing), 'first')
})
