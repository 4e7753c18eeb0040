import { readFileSync } from 'node:fs'
import t from 'tap'
import { errors, SignpostError } from '../src/errors.ts'

t.test('errors: every error has a unique code, a message and a status', async t => {
  const made = Object.values(errors).map(make => make())
  for (const error of made) {
    t.type(error, SignpostError)
    t.equal(error.name, 'SignpostError')
    t.match(error.code, /^AC(_[A-Z]+)+$/)
    t.not(error.message, '')
    t.ok(error.status >= 400 && error.status < 600, error.code)
    t.equal(error.cause, undefined)
  }
  t.equal(new Set(made.map(({ code }) => code)).size, made.length)
})

t.test('errors: a code is named after its error', async t => {
  for (const [name, make] of Object.entries(errors)) {
    t.equal(make().code, `AC_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`)
  }
})

t.test('errors: details replace placeholders once, without interpretation', async t => {
  const reason = '$& {file} {reason}'
  const error = errors.settingsUnreadable({ file: 'a.yaml', reason })
  t.equal(error.message, `cannot read the settings table a.yaml: ${reason}`)
})

t.test('errors: keep the cause', async t => {
  const cause = new Error('deeper')
  t.equal(errors.internal({ cause }).cause, cause)
})

t.test('errors: docs/reference/errors.md lists exactly these codes', async t => {
  const text = readFileSync(new URL('../docs/reference/errors.md', import.meta.url), 'utf8')
  const codes = [...new Set(text.match(/\bAC_[A-Z_]+\b/g))]
  t.same(
    codes.sort(),
    Object.values(errors)
      .map(make => make().code)
      .sort()
  )
})
