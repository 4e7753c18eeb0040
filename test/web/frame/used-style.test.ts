import t from 'tap'
import { parseStyle, usedStyle } from '../../../src/web/frame/used-style.ts'

const used = (css: string, markup: string) => usedStyle(parseStyle(css), markup)

t.test('used style: a rule needs its elements, classes, ids and attributes in the page', async t => {
  const markup = '<html dir="rtl"><p class="lead soft" id="first">a b</p><input required aria-invalid="true">'
  for (const selector of [
    '*',
    ':root',
    'p',
    '.lead',
    '.soft',
    '#first',
    '[aria-invalid]',
    '[required]',
    '[dir=rtl] p',
    'html>.soft#first::before'
  ]) {
    t.equal(used(`${selector}{a:b}`, markup), `${selector}{a:b}`, selector)
  }
  for (const selector of ['ol', '.a', '#lead', '[dir=ltr]', '[title]', '.p', 'p ol', 'p .b', '#first+section']) {
    t.equal(used(`${selector}{a:b}`, markup), '', selector)
  }
})

t.test('used style: pseudo-classes of states are ignored, because a page may have them later', async t => {
  for (const selector of [
    'a:hover',
    'a:focus-visible',
    'li:first-child a',
    'a:nth-child(3)',
    'a:nth-child(2n+1)',
    'details[open]>a',
    'a:not(.first)',
    '.x:not(:has(:target)) a'
  ]) {
    t.equal(used(`${selector}{}`, '<details class="x"><li><a>'), `${selector}{}`, selector)
  }
})

t.test('used style: keeps the used selectors of a list', async t => {
  t.equal(used('a,b,i{c:d}', '<a><i>'), 'a,i{c:d}')
  t.equal(used(':is(a,b) i{}', '<b><i>'), ':is(a,b) i{}')
  t.equal(used(':is(a,b) i,a{}', '<i>'), '')
  t.equal(used('p:has(#one:target) a,p:has(#two:target) b{}', '<p><a id="one"><b>'), 'p:has(#one:target) a{}')
  t.equal(used('a{}b{}i{}', '<b>'), 'b{}')
})

t.test('used style: a group without used rules is left out', async t => {
  const css = '@media print{a{b:c}@supports selector(:has(a)){i{}}}@media screen{u{}}@page{size:A4}'
  t.equal(used(css, '<a>'), '@media print{a{b:c}}@page{size:A4}')
  t.equal(used(css, '<i>'), '@media print{@supports selector(:has(a)){i{}}}@page{size:A4}')
  t.equal(used(css, 'a i u class="x"'), '@page{size:A4}', 'text is no markup')
})

t.test('used style: a brace that is not closed is an error', async t => {
  t.throws(() => parseStyle('a{b:c}@media print{a{b:c}'), { message: 'a brace of the style sheet is not closed' })
})
