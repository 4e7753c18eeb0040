import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createHeldCertificates, type HeldOptions } from '../../src/certificates/held-certificates.ts'
import { createWorld } from '../support/acme/world.ts'

const name = 'autoconfig.a.example'

function open(t: Test, changes: Partial<HeldOptions> = {}) {
  const world = createWorld(t)
  const wanted: string[] = []
  let now = 0
  const reads: string[] = []
  const held = createHeldCertificates({
    storage: {
      changedAt: world.storage.changedAt,
      read: async file => {
        reads.push(file)
        return await world.storage.read(file)
      }
    },
    want: async name => {
      wanted.push(name)
      return false
    },
    ownNames: () => ['mail.own.example'],
    standardKey: () => 'a.example',
    minVersionOf: () => undefined,
    clock: () => now,
    sleep: () => new Promise(() => undefined),
    ...changes
  })
  return {
    ...world,
    held,
    wanted,
    reads,
    pass(milliseconds: number) {
      now += milliseconds
    }
  }
}

t.test('held certificates: a stored one is read once, and then in memory', async t => {
  const { held, put, reads, wanted } = open(t)
  await put('a.example', [name])
  t.equal(held.held(name), undefined)
  t.same((await held.obtain('AutoConfig.A.example'))?.names, [name])
  t.same(held.held(name)?.names, [name])
  await held.obtain(name)
  t.equal(reads.length, 1)
  t.same(wanted, [])
})

t.test('held certificates: a name without one is ordered while the client waits', async t => {
  const world = open(t, {
    want: async () => {
      await world.put('a.example', [name])
      return true
    }
  })
  t.same((await world.held.obtain(name))?.names, [name])
})

t.test('held certificates: a client does not wait longer than the limit, and the order continues', async t => {
  const order = Promise.withResolvers<boolean>()
  const waited: number[] = []
  const world = open(t, {
    want: () => order.promise,
    sleep: async milliseconds => void waited.push(milliseconds)
  })
  t.equal(await world.held.obtain(name), undefined)
  t.same(waited, [5000])
  await world.put('a.example', [name])
  order.resolve(true)
  while (world.held.held(name) === undefined) await turn()
  t.same(world.held.held(name)?.names, [name])
})

t.test('held certificates: names of unknown domains and invalid names are neither looked up nor ordered', async t => {
  const { held, wanted, reads } = open(t)
  for (const asked of ['a.example', 'www.a.example', '127.0.0.1', '', '../x', 'autoconfig.', 'a'.repeat(300)]) {
    t.equal(held.held(asked), undefined)
    t.equal(await held.obtain(asked), undefined)
  }
  t.same([wanted, reads], [[], []])
  await held.obtain('mail.own.example')
  t.same(wanted, ['mail.own.example'])
})

t.test(
  'held certificates: a name that was refused is asked for again after a while, or when its domain has a certificate',
  async t => {
    const { held, wanted, pass, put } = open(t)
    await held.obtain(name)
    await held.obtain(name)
    t.equal(wanted.length, 1)
    pass(30_000)
    await held.obtain(name)
    t.equal(wanted.length, 2)
    await put('a.example', ['autodiscover.a.example'])
    await held.changed('a.example')
    await held.changed('b.example')
    await held.obtain(name)
    t.equal(wanted.length, 3)
  }
)

t.test(
  'held certificates: simultaneous handshakes share one order, and the number of waiting names is limited',
  async t => {
    const asked: string[] = []
    const { held, put } = open(t, {
      want: name => {
        asked.push(name)
        return new Promise(() => undefined)
      }
    })
    for (let at = 0; at < 300; at++) {
      held.obtain(`autoconfig.made-up-${at}.example`)
      held.obtain(`autoconfig.made-up-${at}.example`)
    }
    t.equal(await held.obtain('autoconfig.last.example'), undefined)
    while (asked.length < 200) await turn()
    t.equal(new Set(asked).size, asked.length)
    t.equal(asked.length, 200)
    await put('a.example', [name])
    t.ok(await held.obtain(name), 'stored certificates are found during the flood')
  }
)

t.test('held certificates: the number of files read at the same time is limited, and each is read once', async t => {
  const reads: string[] = []
  const { held } = open(t, {
    storage: {
      changedAt: file => {
        reads.push(file)
        return new Promise(() => undefined)
      },
      read: async () => undefined
    },
    want: async () => true
  })
  for (let at = 0; at < 1000; at++) {
    held.obtain(`autoconfig.made-up-${at}.example`)
    held.obtain(`autodiscover.made-up-${at}.example`)
  }
  t.equal(reads.length, 1000)
  held.obtain('autoconfig.last.example')
  t.equal(reads.length, 1000)
})

t.test('held certificates: memory is limited in certificates and in refused names', async t => {
  const { held, put, reads, wanted } = open(t)
  const same = 'b.example'
  await put(same, ['autoconfig.b.example'])
  await held.obtain('autoconfig.b.example')
  for (let at = 0; at < 10_001; at++) await held.obtain(`autoconfig.made-up-${at}.example`)
  t.equal(wanted.length, 10_001)
  await held.obtain('autoconfig.made-up-0.example')
  t.equal(wanted.length, 10_002, 'the oldest one is forgotten')
  t.equal(reads.length, 1)
})

t.test(
  'held certificates: one that another node has renewed is used soon, and a broken file never replaces one',
  async t => {
    const { held, put, pass, storage } = open(t)
    await put('a.example', [name])
    const first = await held.obtain(name)
    await put('a.example', [name])
    t.equal(held.held(name), first)
    pass(60_000)
    t.equal(held.held(name), first, 'it is read in the background')
    while (held.held(name) === first) await turn()
    const second = held.held(name)
    await storage.write('groups/a.example.pem', 'broken')
    await held.changed('a.example')
    t.equal(held.held(name), second)
    await storage.remove('groups/a.example.pem')
    await held.changed('a.example')
    t.equal(held.held(name), second)
  }
)

t.test('held certificates: the standard one is that of the first group', async t => {
  const { held, put, pass } = open(t)
  await held.load()
  t.equal(held.standard, undefined)
  await put('a.example', [name])
  await held.changed('a.example')
  t.same(held.standard?.names, [name])
  const first = held.standard
  await put('a.example', [name])
  pass(60_000)
  t.equal(held.standard, first)
  while (held.standard === first) await turn()
  t.same(held.standard?.names, [name])
  const none = open(t, { standardKey: () => undefined })
  await none.held.load()
  t.equal(none.held.standard, undefined)
})

t.test('held certificates: at most a thousand certificates are in memory', async t => {
  const { put, storage } = open(t)
  await put('a.example', [name])
  const text = await storage.read('groups/a.example.pem')
  const reads: string[] = []
  const held = createHeldCertificates({
    storage: {
      changedAt: async () => 1,
      async read(file) {
        reads.push(file)
        return text
      }
    },
    want: async () => false,
    ownNames: () => [],
    standardKey: () => undefined,
    minVersionOf: () => undefined,
    clock: () => 0,
    sleep: () => new Promise(() => undefined)
  })
  await held.obtain(name)
  t.ok(held.held(name))
  for (let at = 0; at < 999; at++) await held.obtain(`autoconfig.d${at}.example`)
  t.ok(held.held(name))
  await held.obtain('autoconfig.last.example')
  t.equal(held.held(name), undefined)
  t.ok(await held.obtain(name), 'it is read again')
})

t.test('held certificates: an unreadable file is no certificate', async t => {
  const { held } = open(t, {
    storage: { changedAt: async () => 1, read: () => Promise.reject(new Error('cannot read')) }
  })
  t.equal(await held.obtain(name), undefined)
})
