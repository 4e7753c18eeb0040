import fc from 'fast-check'
import t from 'tap'
import { contrast, contrastOnPage, minimumContrast, pageColors, toBrand } from '../../src/settings/brand.ts'
import { checkBrand } from '../../src/settings/check/provider.ts'
import { matchLists } from '../support/match-lists.ts'

const color = fc.integer({ min: 0, max: 0xffffff }).map(value => `#${value.toString(16).padStart(6, '0')}`)

t.test('contrast: is what WCAG gives for the colours that people know', async t => {
  t.equal(contrast('#000000', '#ffffff'), 21)
  t.equal(contrast('#777777', '#777777'), 1)
  // Spec: WCAG 2.2, understanding 1.4.3: #767676 is the lightest grey that is read on white, #777777 is not.
  t.ok(contrast('#767676', '#ffffff') >= 4.5)
  t.ok(contrast('#777777', '#ffffff') < 4.5)
  t.equal(contrast('#FF0000', '#ffffff').toFixed(3), '3.998')
})

t.test('contrast: is the same both ways, and from 1 to 21', async () => {
  fc.assert(
    fc.property(color, color, (one, other) => {
      const ratio = contrast(one, other)
      return ratio === contrast(other, one) && ratio >= 1 && ratio <= 21
    })
  )
})

t.test('brand: the colours of the page are readable', async t => {
  for (const mode of ['light', 'dark'] as const) {
    t.ok(contrastOnPage(pageColors[mode].accent, pageColors[mode]) >= minimumContrast, mode)
  }
  const { light, dark } = pageColors
  t.same(toBrand({}, undefined), { logo: undefined, accent: light.accent, accentDark: dark.accent, support: undefined })
})

t.test('brand: keeps the values of the settings', async t => {
  const colors = { accent: '#123456', accentDark: '#abcdef', support: 'mailto:help@example.com' }
  t.same(toBrand({ ...colors, logo: 'logo.svg' }, 'data:x'), { ...colors, logo: 'data:x' })
})

t.test('brand: any single colour is enough: on dark it is made light enough, and no lighter', async t => {
  fc.assert(
    fc.property(color, accent => {
      const { accentDark } = toBrand({ accent }, undefined)
      const isReadable = contrastOnPage(accent, pageColors.dark) >= minimumContrast
      return contrastOnPage(accentDark, pageColors.dark) >= minimumContrast && (!isReadable || accentDark === accent)
    })
  )
  t.equal(toBrand({ accent: '#000000' }, undefined).accentDark, '#8c8c8c')
})

t.test('brand: unreadable colours are errors that name the ratio found and the one needed', async t => {
  t.same(checkBrand({}, ['brand']), [])
  t.same(checkBrand({ accent: '#0b5c94', accentDark: '#84bdf0', support: 'https://example.com/help' }, ['brand']), [])
  matchLists(t, checkBrand({ accent: '#ffcc00', accentDark: '#222222', support: 'https://:/' }, ['brand']), [
    {
      severity: 'error',
      path: ['brand', 'accent'],
      message:
        'found "#ffcc00" with a contrast of 1.39:1, expected at least 4.5:1 on #f4f6f8 and #ffffff: a darker colour'
    },
    { severity: 'error', path: ['brand', 'accentDark'], message: /lighter colour$/ },
    { severity: 'error', path: ['brand', 'support'] }
  ])
})

t.test(
  'brand: colours that pass the check are readable on every background, and others are reported with a ratio below 4.5',
  async () => {
    fc.assert(
      fc.property(color, color, (accent, accentDark) => {
        const faults = checkBrand({ accent, accentDark }, [])
        return [
          { key: 'accent', value: accent, colors: pageColors.light },
          { key: 'accentDark', value: accentDark, colors: pageColors.dark }
        ].every(({ key, value, colors }) => {
          const fault = faults.find(({ path }) => path[0] === key)
          const ratio = Number(/of ([\d.]+):1/.exec(fault?.message ?? '')?.[1])
          return fault === undefined ? contrastOnPage(value, colors) >= 4.5 : ratio < 4.5
        })
      })
    )
  }
)
