import { constants } from 'node:fs'
import t from 'tap'
import { logDescriptor } from '../../../src/http/log/log-descriptor.ts'

t.test('log-descriptor: files and pipes are used directly', async t => {
  const open = () => t.fail('opened')
  t.equal(logDescriptor(1, { isTerminal: () => false, open: open as () => never }), 1)
})

t.test('log-descriptor: a terminal is opened again, so that writes to a paused one do not block', async t => {
  const opened: unknown[] = []
  const open = (path: string, flags: number) => {
    opened.push(path, (flags & constants.O_NONBLOCK) !== 0)
    return 9
  }
  t.equal(logDescriptor(1, { isTerminal: () => true, open }), 9)
  t.same(opened, ['/proc/self/fd/1', true])
})

t.test('log-descriptor: a terminal that cannot be opened again is used directly', async t => {
  const open = () => {
    throw new Error('EACCES')
  }
  t.equal(logDescriptor(1, { isTerminal: () => true, open }), 1)
})
