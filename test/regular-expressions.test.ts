/**
 * All regular expressions of src take linear time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { check } from 'recheck'
import t from 'tap'
import { attacks } from './support/attack-strings.ts'
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

// Why kept: the analysis of all takes many seconds. `npm run golden` makes it again, and writes what it found linear.
const list = new URL('golden/linear-expressions.txt', import.meta.url)
const isUpdate = process.env.UPDATE_GOLDEN === '1'
const analysed = new Set(isUpdate ? [] : readFileSync(list, 'utf8').trimEnd().split('\n'))

t.test('regular expressions: according to their analysis, all take linear time', async t => {
  for (const [text, { place, source, flags }] of all) {
    if (analysed.has(text)) continue
    // Why anchored: a sticky one is tried at one place, and the analysis knows no such flag.
    const anchored = flags.includes('y') ? `^(?:${source})` : source
    const result = await check(anchored, flags.replace('y', ''), { timeout: 120_000 })
    if (result.status === 'safe') analysed.add(text)
    else t.fail(`${place} ${text}: ${JSON.stringify(result)}`)
  }
  const known = `${[...all.keys()]
    .filter(text => analysed.has(text))
    .sort()
    .join('\n')}\n`
  if (isUpdate) writeFileSync(list, known)
  t.equal(readFileSync(list, 'utf8'), known, 'run `npm run golden`')
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
      attacks(source, flags).some(attack => millisecondsFor(expression, attack(small)) > 10),
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
