import t from 'tap'
import { checkMxLookup } from '../../../src/settings/check/limits.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import { toMxLookup } from '../../../src/settings/lookup-defaults.ts'
import type { Settings } from '../../../src/settings/schema.ts'
import { exampleProvider } from '../../support/settings/example.ts'

const mx = ['mx1.hoster.example']
const reported = (mxLookup: Settings['mxLookup'], providers = [exampleProvider(), exampleProvider({ mx })]) =>
  checkMxLookup({ providers, ...(mxLookup && { mxLookup }) }, ['mxLookup']).map(
    ({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`
  )

t.test('check-mx-lookup: resolvers are IP addresses with an optional port', async t => {
  const right = ['127.0.0.1', '127.0.0.1:5353', '::1', '[2620:fe::9]:53', 'fe80::1%eth0', '[fe80::1%eth0]:53']
  t.same(reported({ resolvers: right }), [])
  for (const place of [
    'dns.example.net',
    '[::1]',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:',
    '[127.0.0.1]:53',
    ''
  ]) {
    t.same(
      reported({ resolvers: ['::1', place] }),
      [
        `error mxLookup.resolvers[1]: found ${JSON.stringify(place)}, expected an IP address such as 127.0.0.1, 127.0.0.1:53 or [::1]:53`
      ],
      place
    )
  }
})

t.test('check-mx-lookup: minSeconds must not exceed maxSeconds', async t => {
  t.same(reported({ minSeconds: 60, maxSeconds: 60 }), [])
  t.same(reported({ minSeconds: 61, maxSeconds: 60 }), [
    'error mxLookup.minSeconds: found 61, expected at most maxSeconds (60)'
  ])
})

t.test('check-mx-lookup: warns if no provider has mx', async t => {
  const warned = ['warning mxLookup: has no effect: no provider has mx']
  t.same(reported({}, [exampleProvider(), exampleProvider({ mx: [] })]), warned)
  t.same(reported(undefined, [exampleProvider()]), [])
})

t.test('mx-lookup: a default gives way to the limit that was set', async t => {
  const of = (set: Settings['mxLookup']) => {
    const { minSeconds, maxSeconds } = toMxLookup(set)
    return [minSeconds, maxSeconds]
  }
  t.same(of(undefined), [60, 86_400])
  t.same(of({ maxSeconds: 30 }), [30, 30])
  t.same(of({ minSeconds: 90_000 }), [90_000, 90_000])
  t.same(of({ minSeconds: 1, maxSeconds: 2 }), [1, 2])
  t.same(toMxLookup({ resolvers: ['::1'], lookups: 7 }), {
    resolvers: ['::1'],
    lookups: 7,
    timeoutMilliseconds: 2000,
    minSeconds: 60,
    maxSeconds: 86_400
  })
})
