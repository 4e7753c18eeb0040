import t from 'tap'
import { clientFamily } from '../../../src/http/log/client-family.ts'

t.test('client family: programs are recognized by the headers that they send', async t => {
  for (const [family, ...agents] of [
    ['thunderbird', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.5.0'],
    [
      'outlook',
      'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17726; Pro)',
      'Mozilla/4.0 (compatible; ms-office; MSOffice 16; Microsoft Outlook 16.0.4266)',
      'OutlookMobileCloudService-Autodetect/1.0.0',
      'Outlook-Android/2.0',
      'MSAutodiscover',
      'WinHttp-Autodiscover-Service/10.0'
    ],
    ['evolution', 'Evolution/3.46.4'],
    ['fairemail', 'eu.faircode.email/2250', 'FairEmail/1.2250'],
    ['emailengine', 'emailengine/2.58.0 (+https://emailengine.app)', 'EmailEngine/2.5'],
    ['android', 'okhttp/4.12.0', 'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)', 'Android-Mail/2024.11.24.Release'],
    ['apple', 'profiled/1.0 CFNetwork/1490.0.4 Darwin/23.2.0', 'iOS/17.2 (21C62) dataaccessd/1.0 iPhone15,3'],
    [
      'browser',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 Version/17.2 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36',
      'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'
    ],
    ['curl', 'curl/8.5.0'],
    ['none', ''],
    ['other', 'Go-http-client/1.1', 'x'.repeat(5_000), '"}\r\n{"forged":true}', '__proto__']
  ] as const) {
    for (const agent of agents) {
      t.equal(clientFamily(agent), family, agent)
      t.equal(clientFamily(agent), family, 'the cached result')
    }
  }
  t.equal(clientFamily(undefined), 'none')
})

t.test('client family: still works after more programs than fit in its cache', async t => {
  const families = Array.from({ length: 2_000 }, (_, at) => clientFamily(`Evolution/${at}`))
  t.ok(families.every(family => family === 'evolution'))
  t.equal(clientFamily('curl/8.5.0'), 'curl')
})

t.test('client family: only the beginning of a long header is read', async t => {
  t.equal(clientFamily(`Evolution/3.46.4 ${'x'.repeat(16_000)}`), 'evolution')
  t.equal(clientFamily(`${'x'.repeat(16_000)} Thunderbird`), 'other')
})
