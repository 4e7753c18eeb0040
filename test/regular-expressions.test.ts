/**
 * All regular expressions of src take linear time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { check } from 'recheck'
import t from 'tap'
import { attacks } from './support/attack-strings.ts'
import { type Analysis, findLinear } from './support/linear-expressions.ts'
import {
  builtExpressions,
  constructions,
  literals,
  schemaPatterns,
  textsAsPatterns
} from './support/source-expressions.ts'

const built = await builtExpressions()
const all = new Map([...literals, ...built, ...schemaPatterns].map(each => [`/${each.source}/${each.flags}`, each]))

t.test('regular expressions: all those in src are found, including those built at run time', async t => {
  t.ok(literals.length > 150)
  t.same([...new Set(built.map(({ place }) => place))].sort(), [...new Set(constructions)].sort())
  t.ok(schemaPatterns.length > 3)
  t.same(textsAsPatterns, [])
})

// Why kept: the analysis of all takes many seconds. `npm run golden` repeats it and writes which expressions are linear.
const list = new URL('golden/linear-expressions.txt', import.meta.url)
const isUpdate = process.env.UPDATE_GOLDEN === '1'

t.test('regular expressions: according to their analysis, all take linear time', async t => {
  const known = new Set(readFileSync(list, 'utf8').trimEnd().split('\n'))
  const { linear, failures } = await findLinear(all.keys(), { known, again: isUpdate, analyse })
  for (const { text, analysis } of failures) t.fail(`${all.get(text)?.place} ${text}: ${JSON.stringify(analysis)}`)
  const lines = `${linear.join('\n')}\n`
  if (isUpdate) writeFileSync(list, lines)
  t.equal(readFileSync(list, 'utf8'), lines, 'run `npm run golden`')
})

async function analyse(text: string): Promise<Analysis> {
  const { source, flags } = all.get(text) ?? { source: text, flags: '' }
  // Why anchored: a sticky expression is only tried at one position, and the analysis does not know that flag.
  const anchored = flags.includes('y') ? `^(?:${source})` : source
  return await check(anchored, flags.replace('y', ''), { timeout: 120_000 })
}

t.test('regular expressions: the list keeps an expression whose analysis times out', async t => {
  const found = { '/safe/': 'safe', '/old/': 'unknown', '/new/': 'unknown', '/slow/': 'vulnerable' } as const
  const analyse = async (text: string) => ({ status: found[text as keyof typeof found] })
  const known = new Set(['/old/', '/slow/', '/removed/'])
  const repeated = await findLinear(Object.keys(found), { known, again: true, analyse })
  t.same(repeated.linear, ['/old/', '/safe/'])
  t.same(
    repeated.failures.map(({ text }) => text),
    ['/new/', '/slow/']
  )
  const usual = await findLinear(Object.keys(found), { known, again: false, analyse })
  t.same(usual.linear, ['/old/', '/safe/', '/slow/'])
})

const small = 16 * 1024
const large = 256 * 1024

/** Those that take longest with a small input: quadratic time is 0.1 s there, and minutes with a large one. */
function worst(expression: RegExp): { readonly attack: (length: number) => string; readonly ms: number }[] {
  const timed = attacks(expression.source, expression.flags).map(attack => ({
    attack,
    ms: millisecondsFor(expression, attack(small))
  }))
  return timed.sort((a, b) => b.ms - a.ms).slice(0, 5)
}

t.test('regular expressions: 256 KiB of the worst input take at most 0.5 s', async t => {
  for (const [text, { place, source, flags }] of all) {
    const expression = new RegExp(source, flags)
    for (const { attack, ms } of worst(expression)) {
      const length = ms > 50 ? small : large
      const taken = ms > 50 ? ms : millisecondsFor(expression, attack(large))
      if (taken <= (ms > 50 ? 50 : 500)) continue
      t.fail(`${place} ${text}: ${taken} ms for ${length} characters: ${JSON.stringify(attack(40))}`)
    }
  }
  t.ok(all.size > 150)
})

t.test('regular expressions: a slow one is recognised', async t => {
  for (const [source, flags] of [
    ['\\s+$', ''],
    ['<!DOCTYPE[^>[]*>', 'i'],
    ['"(?:[^"\\\\]|\\\\.)*"', 'g'],
    ['a.*b|a', 'gy']
  ] as const) {
    if (!flags.includes('y')) t.equal((await check(source, flags)).status, 'vulnerable', source)
    const expression = new RegExp(source, flags)
    t.ok(
      attacks(source, flags).some(attack => millisecondsFor(expression, attack(small / 2)) > 2),
      source
    )
  }
})

/** @returns the least of three tries if the first is long: it may have been held up by something else */
function millisecondsFor(expression: RegExp, input: string): number {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && least > 20; tries++) {
    const started = performance.now()
    expression.lastIndex = 0
    if (expression.global) input.replace(expression, '')
    else while (expression.test(input) && expression.sticky);
    least = Math.min(least, performance.now() - started)
  }
  return least
}
