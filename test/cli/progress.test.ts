import t from 'tap'
import { createProgress, progressBar } from '../../src/cli/progress.ts'

const showing = (isTerminal: boolean, options = {}, env = {}) => {
  const lines: string[] = []
  const err = (text: string) => lines.push(text)
  const terminal = {
    ...{ env, out: () => undefined, err, input: async () => Buffer.alloc(0) },
    isTerminal: { out: false, err: isTerminal }
  }
  createProgress({ terminal, options, args: [] })(`${'x'.repeat(80)}\u202e`)
  return lines
}

t.test('progress: overwrites one line of a terminal', async t => {
  t.same(showing(true), [`\r\u001b[K${'x'.repeat(70)}`])
})

t.test('progress: shows nothing on a pipe, with --json, or on a terminal that cannot overwrite a line', async t => {
  t.same(showing(false), [])
  t.same(showing(true, { json: true }), [])
  t.same(showing(true, {}, { TERM: 'dumb' }), [])
  t.equal(showing(true, {}, { TERM: 'xterm' }).length, 1)
})

t.test('progress: the bar is full at the end', async t => {
  t.equal(progressBar(0, 3), `[${'-'.repeat(20)}] 0 of 3`)
  t.equal(progressBar(1, 3), `[${'#'.repeat(6)}${'-'.repeat(14)}] 1 of 3`)
  t.equal(progressBar(3, 3), `[${'#'.repeat(20)}] 3 of 3`)
})
