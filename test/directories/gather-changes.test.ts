import t from 'tap'
import { gatherChanges } from '../../src/directories/gather-changes.ts'

function gathered() {
  const passedOn: (string | undefined)[] = []
  const waiting: (() => void)[] = []
  const notify = gatherChanges(name => passedOn.push(name), { later: done => waiting.push(done) })
  return {
    notify,
    readPassedOn: () => passedOn.splice(0),
    /** @returns whether there was a pause, which has ended now */
    rested: () => waiting.splice(0).map(done => done()).length > 0
  }
}

t.test('gather-changes: the first notification is passed on immediately, and again after a pause', async t => {
  const { notify, readPassedOn, rested } = gathered()
  notify('a.example')
  t.same(readPassedOn(), ['a.example'])
  t.ok(rested())
  t.notOk(rested())
  notify(undefined)
  t.same(readPassedOn(), [undefined])
})

t.test('gather-changes: if notifications follow soon, each name is passed on once', async t => {
  const { notify, readPassedOn, rested } = gathered()
  for (let times = 0; times < 1000; times++) for (const name of ['a', 'b', 'c']) notify(name)
  t.same(readPassedOn(), ['a'])
  rested()
  t.same(readPassedOn(), ['b', 'c', 'a'])
  notify('d')
  t.same(readPassedOn(), [], 'a pause also follows notifications that were passed on together')
  rested()
  rested()
  t.same(readPassedOn(), ['d'])
})

t.test(
  'gather-changes: many notifications about everything are passed on once at the beginning and once at the end',
  async t => {
    const { notify, readPassedOn, rested } = gathered()
    for (let times = 0; times < 1000; times++) notify(undefined)
    notify('a')
    t.same(readPassedOn(), [undefined])
    rested()
    t.same(readPassedOn(), [undefined])
  }
)

t.test('gather-changes: more than a thousand names are passed on as everything', async t => {
  const { notify, readPassedOn, rested } = gathered()
  for (let times = 0; times <= 1001; times++) notify(`${times}.example`)
  readPassedOn()
  rested()
  t.same(readPassedOn(), [undefined])
})

t.test('gather-changes: uses the system clock by default', async t => {
  const passedOn: (string | undefined)[] = []
  const notify = gatherChanges(name => passedOn.push(name))
  notify('a')
  notify('b')
  while (passedOn.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
  t.same(passedOn, ['a', 'b'])
})
