import t from 'tap'
import { gatherChanges } from '../../src/directories/gather-changes.ts'

function gathered() {
  const told: (string | undefined)[] = []
  const waiting: (() => void)[] = []
  const notify = gatherChanges(name => told.push(name), { later: done => waiting.push(done) })
  return {
    notify,
    readTold: () => told.splice(0),
    /** @returns whether there was a rest that has ended now */
    rested: () => waiting.splice(0).map(done => done()).length > 0
  }
}

t.test('gather-changes: the first notification is passed on at once, and again after a rest', async t => {
  const { notify, readTold, rested } = gathered()
  notify('a.example')
  t.same(readTold(), ['a.example'])
  t.ok(rested())
  t.notOk(rested())
  notify(undefined)
  t.same(readTold(), [undefined])
})

t.test('gather-changes: of notifications that follow soon, each name is passed on once', async t => {
  const { notify, readTold, rested } = gathered()
  for (let times = 0; times < 1000; times++) for (const name of ['a', 'b', 'c']) notify(name)
  t.same(readTold(), ['a'])
  rested()
  t.same(readTold(), ['b', 'c', 'a'])
  notify('d')
  t.same(readTold(), [], 'what was passed on together is followed by a rest too')
  rested()
  rested()
  t.same(readTold(), ['d'])
})

t.test(
  'gather-changes: many notifications about everything are passed on once at the beginning and once at the end',
  async t => {
    const { notify, readTold, rested } = gathered()
    for (let times = 0; times < 1000; times++) notify(undefined)
    notify('a')
    t.same(readTold(), [undefined])
    rested()
    t.same(readTold(), [undefined])
  }
)

t.test('gather-changes: more than a thousand names are passed on as everything', async t => {
  const { notify, readTold, rested } = gathered()
  for (let times = 0; times <= 1001; times++) notify(`${times}.example`)
  readTold()
  rested()
  t.same(readTold(), [undefined])
})

t.test('gather-changes: uses the system clock by default', async t => {
  const told: (string | undefined)[] = []
  const notify = gatherChanges(name => told.push(name))
  notify('a')
  notify('b')
  while (told.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
  t.same(told, ['a', 'b'])
})
