import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describe } from '../../src/settings/load/finding.ts'
import { openFile } from '../../src/sources/file.ts'
import { loadFile } from '../../src/sources/load-file.ts'
import { readLogo } from '../../src/sources/read-logo.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const settingsWith = (logo: string) => `providers:
  - id: example
    name: Example
    domains: [example.com]
    brand: { logo: ${logo} }
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
`

t.test('read logo: a picture becomes a data: URL', async t => {
  const folder = t.testdir({
    'logo.svg': svg,
    'long.svg': `\ufeff<?xml version="1.0"?>\n<!-- <a> --><!-- b -->\n<!DOCTYPE svg PUBLIC "x" "y">\n${svg}`,
    'logo.png': png
  })
  const urlOf = (name: string) => readLogo(join(folder, name))
  t.same(urlOf('logo.svg'), { url: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` })
  t.match(urlOf('long.svg'), { url: /^data:image\/svg\+xml;base64,/ })
  t.same(urlOf('logo.png'), { url: `data:image/png;base64,${png.toString('base64')}` })
})

t.test('read logo: what is no picture, or too big, or not there, is told', async t => {
  const folder = t.testdir({
    'page.html': `<!DOCTYPE html><html>${svg}</html>`,
    'comments.svg': `${'<!-- x -->'.repeat(500)}<html>`,
    'logo.jpg': Buffer.from('ffd8ffe0', 'hex'),
    'empty.svg': '',
    'big.svg': svg + ' '.repeat(8192)
  })
  const reasonOf = (name: string) => readLogo(join(folder, name))
  for (const name of ['page.html', 'comments.svg', 'logo.jpg', 'empty.svg']) {
    t.same(reasonOf(name), { reason: `found neither SVG nor PNG in ${join(folder, name)}` })
  }
  const size = svg.length + 8192
  t.same(reasonOf('big.svg'), {
    reason: `cannot read ${join(folder, 'big.svg')}: found ${size} bytes, expected at most 8192`
  })
  t.same(reasonOf('none.svg'), { reason: `cannot read ${join(folder, 'none.svg')}: no such file` })
})

t.test(
  'load file: the logo stands beside the settings file; one that cannot be shown is a warning with its place',
  async t => {
    const folder = t.testdir({ 'logo.svg': svg })
    const file = join(folder, 'signpost.yaml')
    const { table, findings } = loadFile(settingsWith('logo.svg'), file)
    t.match(table?.providers[0]?.brand.logo, /^data:image\/svg\+xml;base64,/)
    t.same(findings, [])
    const broken = loadFile(settingsWith('none.svg'), file)
    t.equal(broken.table?.providers[0]?.brand.logo, undefined)
    t.same(broken.findings.map(describe), [
      `${file}:5:20 providers[0].brand.logo: warning: cannot read ${join(folder, 'none.svg')}: no such file: the page shows the name instead`
    ])
    t.equal(loadFile('providers: []', file).table, undefined)
  }
)

t.test('file: the logo is read again with the table', async t => {
  const folder = t.testdir({ 'logo.svg': svg, 'signpost.yaml': settingsWith('logo.svg') })
  const source = openFile(join(folder, 'signpost.yaml'))
  const logo = () => source.table.providers[0]?.brand.logo
  const before = logo()
  writeFileSync(join(folder, 'logo.svg'), svg.replace('rect', 'path'))
  source.reload()
  t.not(logo(), before)
  source.close()
})
