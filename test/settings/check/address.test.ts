import t from 'tap'
import { checkUrl } from '../../../src/settings/check/address.ts'

t.test('checkUrl: accepts a URL that a browser can open', async t => {
  for (const url of ['https://example.com/', 'https://example.com:8443/a?b#c', 'https://müller.example/']) {
    t.same(checkUrl(url, ['website']), [])
  }
})

t.test('checkUrl: reports a URL that no browser can open', async t => {
  for (const url of ['https://[', 'https://example.com:99999/', 'https://exa<mple.com/']) {
    const message = `found "${url}", expected a URL that a browser can open, such as https://example.com/`
    t.same(checkUrl(url, ['website']), [{ severity: 'error', path: ['website'], message }])
  }
})
